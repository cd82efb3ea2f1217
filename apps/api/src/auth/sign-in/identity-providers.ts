import type { SignInProvider } from '@beamdesk/contracts';
import { Injectable, Logger } from '@nestjs/common';
import {
  allowInsecureRequests, ClientSecretBasic, Configuration, discovery, enableNonRepudiationChecks,
} from 'openid-client';
import { Config, OidcSettings } from '../../config';

/** The provider could not be asked for its description; the next sign-in asks again. */
export class ProviderUnavailable extends Error {
  constructor(
    readonly provider: string,
    cause: unknown,
  ) {
    super(`provider ${provider} cannot be discovered`, { cause });
    this.name = 'ProviderUnavailable';
  }
}

const TIMEOUT_SECONDS = 10;

/** The OIDC providers people sign in at. Discovered when first needed: a provider that is down keeps nothing from starting. */
@Injectable()
export class IdentityProviders {
  private readonly logger = new Logger('IdentityProviders');
  private readonly settings: ReadonlyMap<string, OidcSettings>;
  private readonly discovered = new Map<string, Promise<Configuration>>();

  constructor(config: Config) {
    this.settings = new Map([['umbrella', config.oidc]]);
  }

  list(): SignInProvider[] {
    return [...this.settings].map(([id, { label }]) => ({ id, label }));
  }

  has(id: string): boolean {
    return this.settings.has(id);
  }

  /**
   * @param id one of `list()`
   * @throws ProviderUnavailable
   */
  async configuration(id: string): Promise<Configuration> {
    const settings = this.settings.get(id);
    if (!settings) throw new ProviderUnavailable(id, new Error('unknown provider'));
    // Parallel sign-ins share one discovery; a failed one is forgotten.
    const pending = this.discovered.get(id) ?? this.discover(settings);
    this.discovered.set(id, pending);
    try {
      return await pending;
    } catch (error) {
      this.discovered.delete(id);
      this.logger.warn(`cannot discover ${settings.issuer}: ${describe(error)}`);
      throw new ProviderUnavailable(id, error);
    }
  }

  private discover({ issuer, clientId, clientSecret }: OidcSettings): Promise<Configuration> {
    return discovery(new URL(issuer), clientId, undefined, ClientSecretBasic(clientSecret.reveal()), {
      timeout: TIMEOUT_SECONDS,
      // ID tokens are verified by their signature too, not only by the channel they came through.
      execute: issuer.startsWith('http:') ? [allowInsecureRequests, enableNonRepudiationChecks] : [enableNonRepudiationChecks],
    });
  }
}

/** Error and its causes in one line; nothing in them is secret. */
export function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message} (${describe(error.cause)})`;
}

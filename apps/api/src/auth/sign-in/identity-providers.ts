import type { SignInProvider } from '@beamdesk/contracts';
import { Injectable, Logger } from '@nestjs/common';
import {
  allowInsecureRequests, type ClientAuth, ClientSecretBasic, ClientSecretPost, Configuration, discovery, enableNonRepudiationChecks,
} from 'openid-client';
import { Config, OidcSettings, type ProviderDescription } from '../../config';

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
    this.settings = new Map(config.identityProviders.map((provider) => [provider.id, provider]));
  }

  list(): SignInProvider[] {
    return [...this.settings].map(([id, { label }]) => ({ id, label, kind: 'redirect' }));
  }

  /** @throws ProviderUnavailable where there is none of that id */
  describe(id: string): ProviderDescription {
    return this.known(id);
  }

  /**
   * @param id one of `list()`
   * @throws ProviderUnavailable
   */
  async configuration(id: string): Promise<Configuration> {
    const settings = this.known(id);
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

  private known(id: string): OidcSettings {
    const settings = this.settings.get(id);
    if (!settings) throw new ProviderUnavailable(id, new Error('unknown provider'));
    return settings;
  }

  private discover({ issuer, clientId, clientSecret }: OidcSettings): Promise<Configuration> {
    return discovery(new URL(issuer), clientId, undefined, clientAuth(clientSecret.reveal()), {
      timeout: TIMEOUT_SECONDS,
      // ID tokens are verified by their signature too, not only by the channel they came through.
      execute: issuer.startsWith('http:') ? [allowInsecureRequests, enableNonRepudiationChecks] : [enableNonRepudiationChecks],
    });
  }
}

/** Basic, which every provider should know, unless this one says that it does not (OpenID Connect Discovery 1.0, 3). */
function clientAuth(secret: string): ClientAuth {
  const [basic, post] = [ClientSecretBasic(secret), ClientSecretPost(secret)];
  return (server, ...request) => {
    const known = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    return (known.includes('client_secret_basic') ? basic : post)(server, ...request);
  };
}

/** Error and its causes in one line; nothing in them is secret. */
export function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message} (${describe(error.cause)})`;
}

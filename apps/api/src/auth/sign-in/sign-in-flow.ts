import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { randomNonce, randomState } from 'openid-client';
import { Config } from '../../config';
import { identityOf } from './identity-of';
import { IdentityProviders } from './identity-providers';
import { OneSignIn } from './one-sign-in';
import { type LinkBinding, PendingSignIns } from './pending-sign-in';
import { Freshness, provenAt, questionsFor } from './proven-at';
import { codeOf, SignInError } from './sign-in-error';
import { describe } from './identity-providers';
import type { VerifiedIdentity } from './verified-identity';

/** What a browser leaves for. */
export interface Leaving {
  /** Id of the provider. */
  provider: string;
  /** A path of the portal, see `safeReturnTo`. */
  returnTo: string;
  freshness: Freshness;
  /** Set: the identity is to become one more of a person who is signed in; nobody is signed in by it. */
  link: LinkBinding | null;
}

/** Who came back. */
export interface Arrival extends VerifiedIdentity {
  /** When they proved who they are, ms since 1970; null: the provider could have told and did not. */
  provenAt: number | null;
  link: LinkBinding | null;
}

/** Leaves for a provider and comes back: authorization code, PKCE, state and nonce of their own for every sign-in. */
@Injectable()
export class SignInFlow {
  constructor(
    private readonly config: Config,
    private readonly providers: IdentityProviders,
    private readonly pending: PendingSignIns,
  ) {}

  /**
   * @returns where to send the browser
   * @throws ProviderUnavailable
   */
  async leave(request: Request, response: Response, leaving: Leaving): Promise<string> {
    const { provider, returnTo, freshness, link } = leaving;
    const fresh = { state: randomState(), nonce: randomNonce() };
    const { claims_supported: told } = (await this.providers.configuration(provider)).serverMetadata();
    const asked = { ...fresh, ...questionsFor(freshness, told) };
    const { url, checks } = await (await this.oneSignIn(provider, request)).begin(request, asked);
    this.pending.keep(request, response, fresh.state, { provider, returnTo, checks, link, startedAt: Date.now() });
    return url;
  }

  /** @throws SignInError, ProviderUnavailable, and what openid-client finds wrong with the answer */
  async finish(request: Request, response: Response): Promise<Arrival> {
    const state = request.query['state'];
    const kept = typeof state === 'string' ? this.pending.take(request, response, state) : null;
    if (!kept) throw new SignInError('SIGN_IN_EXPIRED', 'no pending sign-in of this state in this browser');
    const { provider, returnTo, link, checks } = kept;
    try {
      const { claims, callbackPath } = this.providers.describe(provider);
      if (request.path !== callbackPath)
        throw new SignInError('SIGN_IN_FAILED', 'came back by the way of another provider');
      const configuration = await this.providers.configuration(provider);
      const tokens = await (await this.oneSignIn(provider, request)).finish(request, checks);
      const proven = provenAt(tokens.claims()?.auth_time, configuration.serverMetadata().claims_supported);
      return { ...(await identityOf(tokens, configuration, claims)), provider, returnTo, link, provenAt: proven };
    } catch (error) {
      // Who wanted to add a way to sign in is signed in, and reads what went wrong on their own page.
      if (link === null) throw error;
      const detail = error instanceof SignInError ? error.detail : describe(error);
      throw new SignInError(codeOf(error), detail, returnTo);
    }
  }

  private async oneSignIn(provider: string, request: Request): Promise<OneSignIn> {
    const { callbackPath, scope } = this.providers.describe(provider);
    const config = await this.providers.configuration(provider);
    const options = { config, callbackURL: new URL(callbackPath, this.config.publicUrl), scope };
    return new OneSignIn(options, new URL(request.originalUrl, this.config.publicUrl));
  }
}

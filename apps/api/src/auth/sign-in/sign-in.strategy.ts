import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { Request, Response } from 'express';
import { randomNonce, randomState } from 'openid-client';
import { CatalogueLinks } from '../../adapters/catalogues/catalogue-links';
import { CALLBACK_PATH, Config } from '../../config';
import { Accounts } from './accounts';
import { identityOf } from './identity-of';
import { IdentityProviders } from './identity-providers';
import { OneSignIn } from './one-sign-in';
import { PassportFrame } from './passport-frame';
import { PendingSignIns } from './pending-sign-in';
import { safeReturnTo } from './return-to';
import { SignInError } from './sign-in-error';
import { SignedInUser, VerifiedIdentity } from './verified-identity';

export const SIGN_IN = 'sign-in';

/**
 * Sign-in at any of the providers. `GET …/sign-in` leaves for the provider, `GET …/callback` (or `…/callback/ID`) comes back. Providers are
 * discovered when first needed, and every sign-in has checks of its own, so that several tabs may sign in at once.
 */
@Injectable()
export class SignInStrategy extends PassportStrategy(PassportFrame<VerifiedIdentity, SignedInUser>, SIGN_IN) {
  constructor(
    private readonly config: Config,
    private readonly providers: IdentityProviders,
    private readonly pending: PendingSignIns,
    private readonly accounts: Accounts,
    private readonly links: CatalogueLinks,
  ) {
    super();
  }

  override authenticate(request: Request): void {
    const response = request.res as Response;
    const back = request.path === CALLBACK_PATH || request.path.startsWith(`${CALLBACK_PATH}/`);
    const work =
      back
        ? this.finish(request, response).then((identity) => this.vouchFor(identity))
        : this.begin(request, response).then((url) => this.redirect(url));
    work.catch((error: unknown) => this.error(error));
  }

  /** Called by the frame with what the provider vouched for. */
  async validate(identity: VerifiedIdentity): Promise<SignedInUser> {
    const userId = await this.accounts.signedIn(identity);
    await this.links.link(userId, identity);
    return { userId, provider: identity.provider, returnTo: identity.returnTo };
  }

  private async begin(request: Request, response: Response): Promise<string> {
    const { provider, returnTo } = request.query;
    const id = typeof provider === 'string' ? provider : (this.providers.list()[0]?.id ?? '');
    const fresh = { state: randomState(), nonce: randomNonce() };
    const { url, checks } = await (await this.oneSignIn(id, request)).begin(request, fresh);
    const kept = { provider: id, returnTo: safeReturnTo(returnTo), checks, startedAt: Date.now() };
    this.pending.keep(request, response, fresh.state, kept);
    return url;
  }

  private async finish(request: Request, response: Response): Promise<VerifiedIdentity> {
    const state = request.query['state'];
    const kept = typeof state === 'string' ? this.pending.take(request, response, state) : null;
    if (!kept) throw new SignInError('SIGN_IN_EXPIRED', 'no pending sign-in of this state in this browser');
    const { claims, callbackPath } = this.providers.describe(kept.provider);
    if (request.path !== callbackPath) throw new SignInError('SIGN_IN_FAILED', 'came back by the way of another provider');
    const configuration = await this.providers.configuration(kept.provider);
    const tokens = await (await this.oneSignIn(kept.provider, request)).finish(request, kept.checks);
    return { ...(await identityOf(tokens, configuration, claims)), provider: kept.provider, returnTo: kept.returnTo };
  }

  private async oneSignIn(provider: string, request: Request): Promise<OneSignIn> {
    const { callbackPath, scope } = this.providers.describe(provider);
    const config = await this.providers.configuration(provider);
    const options = { config, callbackURL: new URL(callbackPath, this.config.publicUrl), scope };
    return new OneSignIn(options, new URL(request.originalUrl, this.config.publicUrl));
  }
}

import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { Request, Response } from 'express';
import { CatalogueLinks } from '../../adapters/catalogues/catalogue-links';
import { CALLBACK_PATH } from '../../config';
import { ArrivedLinks } from '../linking/arrived-links';
import { Accounts } from './accounts';
import { IdentityProviders } from './identity-providers';
import { PassportFrame } from './passport-frame';
import { safeReturnTo } from './return-to';
import { type Arrival, SignInFlow } from './sign-in-flow';
import { SignedInUser, VerifiedIdentity } from './verified-identity';

export const SIGN_IN = 'sign-in';

/**
 * Sign-in at any of the providers. `GET …/sign-in` leaves for the provider, `GET …/callback` (or `…/callback/ID`) comes back. Providers are
 * discovered when first needed, and every sign-in has checks of its own, so that several tabs may sign in at once.
 */
@Injectable()
export class SignInStrategy extends PassportStrategy(PassportFrame<Arrival, SignedInUser>, SIGN_IN) {
  constructor(
    private readonly flow: SignInFlow,
    private readonly providers: IdentityProviders,
    private readonly accounts: Accounts,
    private readonly links: CatalogueLinks,
    private readonly arrivedLinks: ArrivedLinks,
  ) {
    super();
  }

  override authenticate(request: Request): void {
    const response = request.res as Response;
    const back = request.path === CALLBACK_PATH || request.path.startsWith(`${CALLBACK_PATH}/`);
    const work = back ? this.comeBack(request, response) : this.leave(request, response).then((url) => this.redirect(url));
    work.catch((error: unknown) => this.error(error));
  }

  /** Whom an identity makes somebody; called by the frame with what the provider vouched for, and for accounts of our own. */
  async validate(identity: VerifiedIdentity & { provenAt?: number | null }): Promise<SignedInUser> {
    const { userId, identityId } = await this.accounts.signedIn(identity);
    await this.links.settle(userId);
    const { provider, returnTo, provenAt = Date.now() } = identity;
    return { userId, identityId, provider, returnTo, provenAt };
  }

  /** `fresh=1`: whoever signed in there a while ago proves again who they are. */
  private leave(request: Request, response: Response): Promise<string> {
    const { provider: asked, returnTo, fresh } = request.query;
    const provider = typeof asked === 'string' ? asked : (this.providers.list()[0]?.id ?? '');
    const freshness = fresh === '1' ? 'recent' : 'any';
    return this.flow.leave(request, response, { provider, returnTo: safeReturnTo(returnTo), freshness, link: null });
  }

  private async comeBack(request: Request, response: Response): Promise<void> {
    const arrival = await this.flow.finish(request, response);
    if (arrival.link === null) this.vouchFor(arrival);
    else this.success(await this.arrivedLinks.take(request, arrival, arrival.link));
  }
}

import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { buildEndSessionUrl } from 'openid-client';
import { DataSource } from 'typeorm';
import { Audit } from '../../audit/audit';
import { CopyKeeper } from '../../catalogue-copy/copy-keeper';
import { Config } from '../../config';
import { CatalogueAuthorisation } from '../../authorisation/catalogue-authorisation';
import { ApiError } from '../../http/api-error';
import { cookieName } from '../cookies';
import { IdentityEntity } from '../entities/identity.entity';
import { loginSidOf } from '../login-sessions';
import { IdentityProviders } from './identity-providers';
import type { SignedInUser } from './verified-identity';

/** Begins and ends login sessions. */
@Injectable()
export class Login {
  constructor(
    private readonly config: Config,
    private readonly dataSource: DataSource,
    private readonly providers: IdentityProviders,
    private readonly audit: Audit,
    private readonly catalogues: CatalogueAuthorisation,
    private readonly copies: CopyKeeper,
  ) {}

  /**
   * Makes the request's session that of a person, under a new id: an id somebody else knew before is worth nothing after.
   * A second tab in which the same person signs in keeps the session, so that the first tab's desktop goes on.
   */
  async begin(request: Request, { userId, identityId, provider, provenAt }: Omit<SignedInUser, 'returnTo'>): Promise<void> {
    await this.catalogues.settle(userId);
    const before = request.session.userId;
    if (before !== userId) {
      const invitation = before === undefined ? request.session.invitation : undefined;
      if (before !== undefined) await this.end(request.sessionID, before);
      await new Promise<void>((done, failed) => request.session.regenerate((error) => (error ? failed(error) : done())));
      // What was handed in to be accepted by whoever signs in next; nothing else of the session before is carried over.
      if (invitation !== undefined) request.session.invitation = invitation;
    }
    Object.assign(request.session, { userId, provider, identityId, provenAt, signedInAt: Date.now() });
    await new Promise<void>((done, failed) => request.session.save((error) => (error ? failed(error) : done())));
    await this.stillTheirs(request, userId, identityId);
    this.copies.signedIn(userId);
  }

  /**
   * Ends the session here and tells every process to close what hangs on it.
   * @returns where the browser goes to end the session at the provider too; '/' when the provider does not answer
   */
  async signOut(request: Request, response: Response): Promise<string> {
    const { provider, userId } = request.session;
    await this.end(request.sessionID, userId);
    await new Promise<void>((done, failed) => request.session.destroy((error) => (error ? failed(error) : done())));
    response.clearCookie(cookieName(this.config, 'beamdesk'), { path: '/', httpOnly: true, sameSite: 'lax', secure: this.config.secure });
    return userId !== undefined && provider !== undefined ? this.endSessionUrl(provider) : '/';
  }

  /**
   * Removing a way to sign in ends the sessions begun with it; one that began meanwhile was not there to be ended.
   * @throws ApiError
   */
  private async stillTheirs(request: Request, userId: string, identityId: string | null): Promise<void> {
    if (identityId === null || (await this.dataSource.manager.existsBy(IdentityEntity, { id: identityId, userId }))) return;
    await this.end(request.sessionID, userId);
    await new Promise<void>((done, failed) => request.session.destroy((error) => (error ? failed(error) : done())));
    throw new ApiError(401, 'SIGN_IN_REMOVED', 'This way to sign in was removed a moment ago. Please sign in again.');
  }

  /** @param userId whose session it is; undefined: nobody's, which is no sign-out */
  private async end(sessionId: string, userId: string | undefined): Promise<void> {
    const loginSid = loginSidOf(sessionId);
    await this.dataSource.transaction(async (manager) => {
      await manager.query('DELETE FROM login_session WHERE sid = $1', [sessionId]);
      await manager.query('SELECT pg_notify($1, $2)', ['beamdesk_session', loginSid]);
      if (userId !== undefined) await this.audit.write(manager, { kind: 'sign-out', actorId: userId, subjectId: userId });
    });
  }

  /** Without `id_token_hint`: that would hand a token to the browser. The client id names us instead. */
  private async endSessionUrl(provider: string): Promise<string> {
    try {
      const configuration = await this.providers.configuration(provider);
      if (!configuration.serverMetadata().end_session_endpoint) return '/';
      const back = new URL('/', this.config.publicUrl).href;
      return buildEndSessionUrl(configuration, { post_logout_redirect_uri: back }).href;
    } catch {
      // The provider's session stays, ours is gone: what we promised.
      return '/';
    }
  }
}

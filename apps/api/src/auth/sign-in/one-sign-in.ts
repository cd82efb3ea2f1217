import type { Request } from 'express';
import type { TokenEndpointResponse, TokenEndpointResponseHelpers } from 'openid-client';
import { Strategy as AuthorizationCode, StrategyOptions } from 'openid-client/passport';
import { SignInError } from './sign-in-error';

export type Tokens = TokenEndpointResponse & TokenEndpointResponseHelpers;

/** What the strategy of openid-client keeps in `req.session` under `sessionKey`. */
type Checks = Record<string, unknown>;
const CHECKS = 'checks';

/**
 * One authorization request or its answer, by the strategy of openid-client (authorization code, PKCE S256) with state and
 * nonce always on. Its checks come and go as values instead of through the login session.
 */
export class OneSignIn extends AuthorizationCode {
  constructor(
    options: Pick<StrategyOptions, 'config' | 'callbackURL' | 'scope'>,
    /** Address of this request as PUBLIC_URL has it, never built from a header. */
    private readonly here: URL,
  ) {
    super({ ...options, sessionKey: CHECKS }, (tokens, done) => done(null, tokens));
  }

  /**
   * @param fresh state and nonce, and what else is asked
   * @returns where to send the browser, and what to check the answer against
   */
  async begin(request: Request, fresh: Record<string, string>): Promise<{ url: string; checks: unknown }> {
    const session: Checks = {};
    const params = new URLSearchParams(fresh);
    const url = await this.run<string>(request, session, 'redirect', () => params);
    // How long ago somebody signed in there is judged by us, who know which providers can tell.
    return { url, checks: { ...(session[CHECKS] as Checks), max_age: undefined } };
  }

  /** @throws whatever openid-client finds wrong with the answer; SignInError when the provider says no */
  finish(request: Request, checks: unknown): Promise<Tokens> {
    return this.run<Tokens>(request, { [CHECKS]: checks }, 'success');
  }

  override currentUrl(): URL {
    return new URL(this.here);
  }

  /** As passport runs a strategy: on a copy that carries the ways out. */
  private run<T>(request: Request, session: Checks, way: 'redirect' | 'success', params?: () => URLSearchParams): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const unexpected = () => reject(new SignInError('SIGN_IN_FAILED', 'the strategy took a way that nobody asked for'));
      const ways = {
        redirect: unexpected,
        success: unexpected,
        pass: unexpected,
        error: reject,
        fail: (info?: { message?: string }) =>
          reject(new SignInError('SIGN_IN_CANCELLED', info?.message ?? 'the provider gave no reason')),
        [way]: resolve,
        ...(params ? { authorizationRequestParams: params } : {}),
      };
      const copy = Object.assign(Object.create(this) as this, ways);
      // It begins and ends sign-ins by GET alone; ours may begin by another method.
      const facade = Object.create(request, { session: { value: session }, method: { value: 'GET' } }) as Request;
      AuthorizationCode.prototype.authenticate.call(copy as never, facade, {});
    });
  }
}

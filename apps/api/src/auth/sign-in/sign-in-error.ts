import { AuthorizationResponseError, ClientError } from 'openid-client';
import { ProviderUnavailable } from './identity-providers';

/**
 * Codes the welcome page gets as `?error=CODE`.
 * - SIGN_IN_UNAVAILABLE: the provider does not answer
 * - SIGN_IN_CANCELLED: the person or the provider said no
 * - SIGN_IN_EXPIRED: took longer than ten minutes, came back twice, or in another browser
 * - SIGN_IN_FAILED: what the provider sent does not hold (signature, issuer, nonce, code …)
 * - SIGN_IN_INCOMPLETE: it holds, but tells no stable id of the person
 */
export type SignInErrorCode = 'SIGN_IN_UNAVAILABLE' | 'SIGN_IN_CANCELLED' | 'SIGN_IN_EXPIRED' | 'SIGN_IN_FAILED' | 'SIGN_IN_INCOMPLETE';

export class SignInError extends Error {
  constructor(
    readonly code: SignInErrorCode,
    /** For the log. */
    readonly detail: string,
    /** Page that gets `?link=CODE` instead: of somebody who wanted to add a way to sign in. */
    readonly page: string | null = null,
  ) {
    super(code);
    this.name = 'SignInError';
  }
}

/** What to tell about whatever went wrong at a sign-in. */
export function codeOf(error: unknown): SignInErrorCode {
  if (error instanceof SignInError) return error.code;
  if (error instanceof ProviderUnavailable) return 'SIGN_IN_UNAVAILABLE';
  if (error instanceof AuthorizationResponseError) {
    return ['temporarily_unavailable', 'server_error'].includes(error.error) ? 'SIGN_IN_UNAVAILABLE' : 'SIGN_IN_FAILED';
  }
  // Network trouble of the token or key request; anything else is an answer that does not hold.
  if (error instanceof ClientError && error.code === 'OAUTH_TIMEOUT') return 'SIGN_IN_UNAVAILABLE';
  return error instanceof TypeError && error.message === 'fetch failed' ? 'SIGN_IN_UNAVAILABLE' : 'SIGN_IN_FAILED';
}

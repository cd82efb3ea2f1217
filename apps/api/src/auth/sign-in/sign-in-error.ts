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
  ) {
    super(code);
    this.name = 'SignInError';
  }
}

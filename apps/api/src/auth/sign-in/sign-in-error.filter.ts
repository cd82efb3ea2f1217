import { ArgumentsHost, Catch, ExceptionFilter, Logger } from '@nestjs/common';
import type { Request, Response } from 'express';
import { AuthorizationResponseError, ClientError } from 'openid-client';
import { ApiError } from '../../http/api-error';
import { ErrorFilter } from '../../http/error.filter';
import { knownError } from '../../http/known-errors';
import { requestIdOf } from '../../http/request-id';
import { describe, ProviderUnavailable } from './identity-providers';
import { SignInError, SignInErrorCode } from './sign-in-error';

function codeOf(error: unknown): SignInErrorCode {
  if (error instanceof SignInError) return error.code;
  if (error instanceof ProviderUnavailable) return 'SIGN_IN_UNAVAILABLE';
  if (error instanceof AuthorizationResponseError) {
    return ['temporarily_unavailable', 'server_error'].includes(error.error) ? 'SIGN_IN_UNAVAILABLE' : 'SIGN_IN_FAILED';
  }
  // Network trouble of the token or key request; anything else is an answer that does not hold.
  if (error instanceof ClientError && error.code === 'OAUTH_TIMEOUT') return 'SIGN_IN_UNAVAILABLE';
  return error instanceof TypeError && error.message === 'fetch failed' ? 'SIGN_IN_UNAVAILABLE' : 'SIGN_IN_FAILED';
}

/** A person who signs in looks at pages, not at JSON: trouble takes them back to the welcome page with a code. */
@Catch()
export class SignInErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger('SignIn');

  catch(error: unknown, host: ArgumentsHost): void {
    if (error instanceof ApiError || knownError(error)) return new ErrorFilter().catch(error, host);
    const http = host.switchToHttp();
    const code = codeOf(error);
    const detail = error instanceof SignInError ? error.detail : describe(error);
    this.logger.warn(`${requestIdOf(http.getRequest<Request>())} ${code}: ${detail}`);
    http.getResponse<Response>().redirect(303, `/welcome?error=${code}`);
  }
}

import { ArgumentsHost, Catch, ExceptionFilter, Logger } from '@nestjs/common';
import type { Request, Response } from 'express';
import { ApiError } from '../../http/api-error';
import { ErrorFilter } from '../../http/error.filter';
import { knownError } from '../../http/known-errors';
import { requestIdOf } from '../../http/request-id';
import { describe } from './identity-providers';
import { codeOf, SignInError } from './sign-in-error';

/** A person who signs in looks at pages, not at JSON: trouble takes them back to a page of theirs with a code. */
@Catch()
export class SignInErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger('SignIn');

  catch(error: unknown, host: ArgumentsHost): void {
    if (error instanceof ApiError || knownError(error)) return new ErrorFilter().catch(error, host);
    const http = host.switchToHttp();
    const code = codeOf(error);
    const page = error instanceof SignInError ? error.page : null;
    const detail = error instanceof SignInError ? error.detail : describe(error);
    this.logger.warn(`${requestIdOf(http.getRequest<Request>())} ${code}: ${detail}`);
    http.getResponse<Response>().redirect(303, page === null ? `/welcome?error=${code}` : `${page}?link=${code}`);
  }
}

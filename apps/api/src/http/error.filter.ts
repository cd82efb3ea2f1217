import { ArgumentsHost, Catch, ExceptionFilter, Logger } from '@nestjs/common';
import type { Request, Response } from 'express';
import { countRefusal } from '../metrics/count-requests';
import { ApiError } from './api-error';
import { knownError } from './known-errors';
import { requestIdOf } from './request-id';

/** Every answer other than 2xx is an ErrorBody; a stack goes to the log and nowhere else. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger('Error');

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    const requestId = requestIdOf(request);
    const known = knownError(thrown);
    if (!known) {
      const stack = thrown instanceof Error ? thrown.stack : undefined;
      this.logger.error(`${requestId} ${request.method} ${request.path}: ${String(thrown)}`, stack);
    } else if (known.log || known.status >= 500) {
      this.logger.warn(`${requestId} ${request.method} ${request.path}: ${known.code}: ${known.log ?? known.message}`);
    }
    const answer = known ?? new ApiError(500, 'INTERNAL', 'Something went wrong on our side. Try again; if it stays, tell us the request id.');
    countRefusal(answer);
    // Too late for an answer of its own: cut the connection rather than let half an answer look whole.
    if (response.headersSent) response.destroy();
    else response.status(answer.status).json(answer.body(requestId));
  }
}

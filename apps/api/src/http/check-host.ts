import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { Config } from '../config';
import { ApiError } from './api-error';

/** Asked by supervisors and load balancers under whatever address they know. */
const ANY_HOST = new Set(['/api/health', '/api/ready']);

/** A foreign Host header means a wrong address in the browser, or DNS rebinding. */
export function checkHost(config: Config): RequestHandler {
  const { host, origin } = config.publicUrl;
  return (request: Request, _response: Response, next: NextFunction): void => {
    if (request.headers.host === host || ANY_HOST.has(request.path)) next();
    else next(new ApiError(421, 'WRONG_HOST', `This portal answers at ${origin} only.`, undefined, 'foreign Host header'));
  };
}

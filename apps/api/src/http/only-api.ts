import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { Config } from '../config';
import { notFound } from './api-error';

const HEALTH = new Set(['/api/health', '/api/ready']);

/** Whatever is not below /api is the front's to answer; a process without the role `web` only says how it is. */
export function onlyApi(config: Config): RequestHandler {
  const web = config.roles.has('web');
  return (request: Request, _response: Response, next: NextFunction): void => {
    if ((web && request.path.startsWith('/api/')) || HEALTH.has(request.path)) next();
    else next(notFound());
  };
}

import type { NextFunction, Request, Response } from 'express';
import { notFound } from './api-error';

/** Whatever is not below /api is the front's to answer. */
export function onlyApi(request: Request, _response: Response, next: NextFunction): void {
  if (request.path.startsWith('/api/')) next();
  else next(notFound());
}

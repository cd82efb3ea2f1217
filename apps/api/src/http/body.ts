import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { json } from 'express';
import { ApiError } from './api-error';

export const BODY_LIMIT_BYTES = 64 * 1024;

function hasBody(request: Request): boolean {
  return request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
}

/** A body that is not JSON is refused rather than ignored. */
function onlyJson(request: Request, _response: Response, next: NextFunction): void {
  if (hasBody(request) && !request.is('application/json')) {
    next(new ApiError(415, 'UNSUPPORTED_MEDIA_TYPE', 'Send the request body as application/json in UTF-8.'));
  } else next();
}

/** JSON bodies of at most 64 kB, anything else is 415, 413 or 400. */
export const bodies: RequestHandler[] = [onlyJson, json({ limit: BODY_LIMIT_BYTES, type: 'application/json', inflate: false })];

import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { json } from 'express';
import { ApiError } from './api-error';

export const BODY_LIMIT_BYTES = 64 * 1024;
/** How long a body may take that is kept in memory. */
const BODY_WITHIN_MS = 60_000;
/** How long what is left of a body is thrown away after an answer: cut off at once, some browsers never show the answer. */
const LINGER_MS = 10_000;

function hasBody(request: Request): boolean {
  return request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
}

/** A file sent to a desktop, or a piece of an image: its route takes the body as it comes, of any length. */
function isFile(request: Request): boolean {
  if (request.method === 'PATCH') {
    return /^\/api\/uploads\/[^/]+$/.test(request.path) && request.is('application/offset+octet-stream') !== false;
  }
  return request.method === 'PUT' && /^\/api\/instances\/[^/]+\/files\/content$/.test(request.path);
}

/** A body that is not JSON is refused rather than ignored. */
function onlyJson(request: Request, _response: Response, next: NextFunction): void {
  if (hasBody(request) && !isFile(request) && !request.is('application/json')) {
    next(new ApiError(415, 'UNSUPPORTED_MEDIA_TYPE', 'Send the request body as application/json in UTF-8.'));
  } else next();
}

/** Nobody holds a connection by a body that does not end; the server itself sets no limit, for the sake of large files. */
function inTime(request: Request, response: Response, next: NextFunction): void {
  const cutAfter = (ms: number) => {
    const timer = setTimeout(() => request.complete || request.socket.destroy(), ms).unref();
    request.once('close', () => clearTimeout(timer));
  };
  if (hasBody(request) && !isFile(request)) cutAfter(BODY_WITHIN_MS);
  response.once('finish', () => {
    if (request.complete) return;
    request.resume();
    cutAfter(LINGER_MS);
  });
  next();
}

const parse = json({ limit: BODY_LIMIT_BYTES, type: 'application/json', inflate: false });

const parseUnlessFile: RequestHandler = (request, response, next) =>
  isFile(request) ? next() : parse(request, response, next);

/** JSON bodies of at most 64 kB, anything else is 415, 413 or 400; files are left to their route. */
export const bodies: RequestHandler[] = [inTime, onlyJson, parseUnlessFile];

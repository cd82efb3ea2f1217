import type { NextFunction, Request, Response } from 'express';
import type { ApiError } from '../http/api-error';
import { httpRequests, quotaRefusals, refusals } from './figures';

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);

/** Times every answer, under the pattern of its route: a path of its own would be a label for every desktop. */
export function countRequests(request: Request, response: Response, next: NextFunction): void {
  const end = httpRequests.startTimer();
  response.once('close', () => {
    const { path } = (request.route ?? {}) as { path?: unknown };
    end({
      method: METHODS.has(request.method) ? request.method : 'other',
      route: typeof path === 'string' ? path : 'none',
      status: response.writableFinished ? `${Math.floor(response.statusCode / 100)}xx` : 'cut',
    });
  });
  next();
}

/** Codes are ours: a closed set. */
export function countRefusal({ code, details }: ApiError): void {
  refusals.inc({ code });
  const short: unknown = code === 'QUOTA_EXCEEDED' ? details?.['shortfalls'] : undefined;
  if (!Array.isArray(short)) return;
  for (const resource of new Set(short.map(({ resource }: { resource: string }) => resource))) quotaRefusals.inc({ resource });
}

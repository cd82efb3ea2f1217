import { AsyncLocalStorage } from 'node:async_hooks';
import type { NextFunction, Request, Response } from 'express';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const ids = new WeakMap<IncomingMessage, string>();
const current = new AsyncLocalStorage<string>();

/** Ours, never the client's: an id that a client chooses could forge the log. */
export function requestIdOf(request: IncomingMessage): string {
  const known = ids.get(request);
  if (known) return known;
  const id = randomUUID();
  ids.set(request, id);
  return id;
}

/** Of the request that is being answered; null: what runs was not asked for by one. */
export function currentRequestId(): string | null {
  return current.getStore() ?? null;
}

/** Tells the client the id under which its request is in the log, and whatever the request sets going. */
export function sendRequestId(request: Request, response: Response, next: NextFunction): void {
  const id = requestIdOf(request);
  response.setHeader('X-Request-Id', id);
  current.run(id, next);
}

import { createHmac, timingSafeEqual } from 'node:crypto';
import { Config } from '../config';

/**
 * Synchroniser token of a login session: derived from its id, so that parallel first requests of many tabs agree on it and
 * nothing has to be stored. Who knows the token cannot find the id.
 */
export function csrfTokenOf(config: Config, sessionId: string): string {
  return createHmac('sha256', config.sessionSecret.reveal()).update(`csrf:${sessionId}`).digest('base64url');
}

/** Compares in constant time. */
export function isCsrfToken(config: Config, sessionId: string, token: unknown): boolean {
  if (typeof token !== 'string') return false;
  const given = Buffer.from(token);
  const expected = Buffer.from(csrfTokenOf(config, sessionId));
  return given.length === expected.length && timingSafeEqual(given, expected);
}

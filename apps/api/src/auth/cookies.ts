import { createHmac, timingSafeEqual } from 'node:crypto';
import { Config } from '../config';

/** Off loopback cookies carry the `__Host-` prefix: no other host and no other path can set or read them. */
export function cookieName(config: Config, name: string): string {
  return config.secure ? `__Host-${name}` : name;
}

/** Value of a cookie in a Cookie header; the first of that name counts. */
export function readCookie(header: string | undefined, name: string): string | null {
  for (const pair of header?.split(';') ?? []) {
    const at = pair.indexOf('=');
    if (at < 0 || pair.slice(0, at).trim() !== name) continue;
    try {
      return decodeURIComponent(pair.slice(at + 1).trim().replace(/^"|"$/g, ''));
    } catch {
      return null;
    }
  }
  return null;
}

/** Session id in a signed cookie as express-session writes it (`s:<id>.<HMAC-SHA256, base64 unpadded>`); null when forged. */
export function unsignSessionId(value: string | null, secret: string): string | null {
  if (!value?.startsWith('s:')) return null;
  const dot = value.lastIndexOf('.');
  const id = value.slice(2, dot);
  const expected = Buffer.from(createHmac('sha256', secret).update(id).digest('base64').replace(/=+$/, ''));
  const given = Buffer.from(value.slice(dot + 1));
  return id && given.length === expected.length && timingSafeEqual(given, expected) ? id : null;
}

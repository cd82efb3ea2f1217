import type { Backend } from './settings.ts';

/** Where a request goes. `static` carries the path to look up; `refused` a path that says one thing and means another. */
export type Route =
  | { to: 'backend'; backend: Backend; target: string }
  | { to: 'static'; path: string }
  | { to: 'refused' };

/** Paths that become websockets. */
const SOCKETS: Record<string, Backend> = { '/desktop': 'bridge', '/api/events': 'api' };

/**
 * The path table of the one origin; the same stands in docker/nginx.conf. `target` is what the request line holds.
 * A path with `//`, `\`, a dot segment, an encoded slash, dot or control character is refused: front and backend could read
 * it differently.
 */
export function route(target: string): Route {
  const path = pathOf(target);
  if (path === null) return { to: 'refused' };
  if (path === '/api' || path.startsWith('/api/')) return { to: 'backend', backend: 'api', target };
  if (path === '/oidc' || path.startsWith('/oidc/')) return { to: 'backend', backend: 'identities', target };
  if (path === '/desktop') return { to: 'backend', backend: 'bridge', target };
  try {
    return { to: 'static', path: decodeURIComponent(path) };
  } catch {
    return { to: 'refused' };
  }
}

/** Where a request to change protocols goes; null where there is no websocket. */
export function socketRoute(target: string): Backend | null {
  const path = pathOf(target);
  return path === null ? null : (SOCKETS[path] ?? null);
}

/** A file on its way to or from a desktop: of any length, and as slow as the slower side. */
export function isFileTransfer(target: string): boolean {
  return /^\/api\/instances\/[^/]+\/files\/content$/.test(pathOf(target) ?? '');
}

/** The path of a request, without its query: also what may be logged. Null when it is refused. */
export function pathOf(target: string): string | null {
  const path = target.split('?', 1)[0] ?? '';
  const ambiguous = /\/\/|\\|#|%2f|%5c|%2e|%25|%[01][0-9a-f]|%7f|[^!-~]|(^|\/)\.{1,2}(\/|$)/i;
  return path.startsWith('/') && !ambiguous.test(path) ? path : null;
}

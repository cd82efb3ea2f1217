const NOWHERE = 'http://nowhere.invalid';

/**
 * Where to go after signing in: a path of the portal and nothing else. Whatever a browser could read as another host
 * (`//host`, `/\host`, control characters that it drops) or that is no page (`/api`, `/oidc`) gives `/`.
 */
export function safeReturnTo(value: unknown): string {
  if (typeof value !== 'string' || value.length > 2000 || !/^\/(?![/\\])[\x21-\x7e]*$/.test(value) || value.includes('\\')) return '/';
  if (!URL.canParse(value, NOWHERE)) return '/';
  const url = new URL(value, NOWHERE);
  const path = url.pathname + url.search + url.hash;
  return url.origin !== NOWHERE || path.startsWith('//') || /^\/(api|oidc|desktop)(\/|$)/.test(url.pathname) ? '/' : path;
}

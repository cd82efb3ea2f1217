import { isIP } from 'node:net';
import { DatabaseSettings, ListenAddress } from './config';

/** localhost, *.localhost, 127.0.0.0/8 and ::1. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, '').toLowerCase();
  if (isIP(name) === 4) return name.startsWith('127.');
  return name === '::1' || name === 'localhost' || name.endsWith('.localhost');
}

/** An origin: http(s)://host[:port], nothing behind it. */
export function parsePublicUrl(text: string): URL {
  if (!URL.canParse(text)) throw new Error(`is not a URL: ${text}`);
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new Error('must begin with http:// or https://');
  if (url.username || url.password) throw new Error('must not hold a user name or password');
  if (url.pathname !== '/' || url.search || url.hash) throw new Error('must end after host and port');
  return url;
}

/** `unix:/path` or `HOST:PORT` (IPv6 in brackets). */
export function parseListen(text: string): ListenAddress {
  if (text.startsWith('unix:')) {
    const path = text.slice('unix:'.length);
    if (!path.startsWith('/')) throw new Error('unix: needs an absolute path');
    return { kind: 'unix', path };
  }
  const match = /^(\[[0-9a-f:.]+\]|[^:[\]]+):(\d{1,5})$/i.exec(text);
  const port = Number(match?.[2]);
  if (!match?.[1] || port > 65_535) throw new Error(`must be HOST:PORT or unix:/path, is ${text}`);
  return { kind: 'tcp', host: match[1].replace(/^\[|\]$/g, ''), port };
}

/** postgresql://user@host:port/database[?sslmode=require]; a password has no place in it. */
export function parseDatabaseUrl(text: string): Omit<DatabaseSettings, 'password'> {
  if (!URL.canParse(text)) throw new Error('is not a URL like postgresql://user@host:5432/database');
  const url = new URL(text);
  if (url.protocol !== 'postgresql:' && url.protocol !== 'postgres:') throw new Error('must begin with postgresql://');
  if (url.password) throw new Error('must not hold the password: put it into the file of DATABASE_PASSWORD_FILE');
  const database = decodeURIComponent(url.pathname.slice(1));
  const user = decodeURIComponent(url.username);
  if (!database || !user || !url.hostname) throw new Error('needs user, host and database: postgresql://user@host:5432/database');
  const sslmode = url.searchParams.get('sslmode') ?? 'disable';
  if (!['disable', 'require', 'verify-full'].includes(sslmode)) throw new Error('sslmode must be disable, require or verify-full');
  return { host: url.hostname, port: Number(url.port || 5432), user, database, ssl: sslmode !== 'disable' };
}

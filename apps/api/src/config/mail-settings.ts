import { readFileSync } from 'node:fs';
import { isAddress } from '../mail/address';
import { isLoopback } from './parse-address';
import type { Secret } from './secret';

/** Where mails go out. */
export interface MailSettings {
  host: string;
  port: number;
  /** `tls`: from the start; `starttls`: demanded before anything is said; `none`: only to this very machine. */
  security: 'tls' | 'starttls' | 'none';
  user: string | null;
  password: Secret | null;
  from: { name: string; address: string };
  /** PEM of the authorities the server's certificate may come from; null: those of the system. */
  ca: string | null;
  /** How this side calls itself. */
  publicHost: string;
  /** Folder of a site's own templates; null: ours. */
  templatesDir: string | null;
}

export interface GivenMailSettings {
  PUBLIC_URL: URL;
  SMTP_URL?: URL | undefined;
  SMTP_PASSWORD_FILE?: Secret | undefined;
  SMTP_CA_FILE?: string | undefined;
  MAIL_FROM?: { name: string; address: string } | undefined;
  MAIL_TEMPLATES_DIR?: string | undefined;
}

const PORTS: Record<string, number> = { 'smtp:': 587, 'smtps:': 465 };

/** smtp://user@host:587 or smtps://user@host:465; a password has no place in it. */
export function parseSmtpUrl(text: string): URL {
  if (!URL.canParse(text)) throw new Error('is not a URL like smtp://user@host:587');
  const url = new URL(text);
  if (!(url.protocol in PORTS)) throw new Error('must begin with smtp:// or smtps://');
  if (url.password) throw new Error('must not hold the password: put it into the file of SMTP_PASSWORD_FILE');
  if (!url.hostname || !['', '/'].includes(url.pathname) || url.search || url.hash) {
    throw new Error('must be smtp://user@host:port, and nothing behind it');
  }
  return url;
}

/** `Name <address>` or an address. */
export function parseFrom(text: string): { name: string; address: string } {
  const [, name = '', inBrackets, alone] = /^(?:"?([^"<>\p{Cc}]*?)"?\s*<([^<>]+)>|([^<>]+))$/u.exec(text.trim()) ?? [];
  const address = (inBrackets ?? alone ?? '').trim();
  if (!isAddress(address)) throw new Error('must be an address, or NAME <ADDRESS>');
  return { name: name.trim(), address };
}

export function readCa(path: string): string {
  let pem: string;
  try {
    pem = readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`cannot read ${path} (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`, { cause: error });
  }
  if (!pem.includes('-----BEGIN CERTIFICATE-----')) throw new Error(`${path} holds no certificate (PEM)`);
  return pem;
}

/** Null: the portal sends no mail. What does not go together is reported. */
export function mailSettings(given: GivenMailSettings, report: (line: string) => void): MailSettings | null {
  const { SMTP_URL: url, SMTP_PASSWORD_FILE: password = null, MAIL_FROM: from } = given;
  if (!url) {
    // The password's file is there in any case where a compose file names it.
    for (const name of ['SMTP_CA_FILE', 'MAIL_FROM', 'MAIL_TEMPLATES_DIR'] as const) {
      if (given[name] !== undefined) report(`${name}: is of no use without SMTP_URL`);
    }
    return null;
  }
  const user = url.username === '' ? null : decodeURIComponent(url.username);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (!from) report('MAIL_FROM: is not set, but SMTP_URL is');
  if (user !== null && !password) report('SMTP_PASSWORD_FILE: is not set, but SMTP_URL names a user');
  if (!from) return null;
  const ca = given.SMTP_CA_FILE ?? null;
  const open = isLoopback(host) && ca === null;
  return {
    host,
    port: Number(url.port || PORTS[url.protocol]),
    security: url.protocol === 'smtps:' ? 'tls' : open ? 'none' : 'starttls',
    ...{ user, password: user === null ? null : password, from, ca },
    publicHost: given.PUBLIC_URL.hostname,
    templatesDir: given.MAIL_TEMPLATES_DIR ?? null,
  };
}

import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { CookieOptions, Request, Response } from 'express';
import { Config } from '../../config';
import { cookieName, readCookie } from '../cookies';

/** Whose a new identity is to become: a person in one login session, and in no other. */
export interface LinkBinding {
  /** `user_account.id` */
  userId: string;
  /** See `loginSidOf`. */
  loginSid: string;
}

/** What has to be remembered between leaving for the provider and coming back. */
export interface PendingSignIn {
  provider: string;
  returnTo: string;
  /** What the strategy of openid-client remembers: code verifier, state, nonce. */
  checks: unknown;
  /** Null: a sign-in; otherwise it makes nobody signed in. */
  link: LinkBinding | null;
  startedAt: number;
}

const LIFETIME_MS = 10 * 60_000;
/** Two tabs of one browser, a few tries each; older ones give way, so that no header grows without end. */
const MAX_PENDING = 6;
const NAME = 'beamdesk-sign-in';

/**
 * Keeps a pending sign-in in a cookie of its own, sealed (AES-256-GCM) and named by its state: tabs that sign in at the same
 * time never overwrite each other's, whichever order their requests end in.
 */
@Injectable()
export class PendingSignIns {
  private readonly key: Buffer;
  private readonly prefix: string;
  private readonly options: CookieOptions;

  constructor(config: Config) {
    this.key = Buffer.from(hkdfSync('sha256', config.sessionSecret.reveal(), '', NAME, 32));
    this.prefix = cookieName(config, NAME);
    this.options = { httpOnly: true, sameSite: 'lax', secure: config.secure, path: '/' };
  }

  /** Call before anything of the answer is sent. */
  keep(request: Request, response: Response, state: string, pending: PendingSignIn): void {
    const names = this.namesIn(request);
    for (const name of names.slice(0, Math.max(0, names.length - MAX_PENDING + 1))) response.clearCookie(name, this.options);
    response.cookie(this.nameOf(state), this.seal(state, pending), { ...this.options, maxAge: LIFETIME_MS });
  }

  /** Takes it back out, once; null when there is none, it is too old, or it is not ours. */
  take(request: Request, response: Response, state: string): PendingSignIn | null {
    const name = this.nameOf(state);
    const value = readCookie(request.headers.cookie, name);
    if (value === null) return null;
    response.clearCookie(name, this.options);
    const pending = this.open(state, value);
    return pending && Date.now() - pending.startedAt <= LIFETIME_MS ? pending : null;
  }

  private nameOf(state: string): string {
    return `${this.prefix}-${createHash('sha256').update(state).digest('hex').slice(0, 16)}`;
  }

  private namesIn(request: Request): string[] {
    return (request.headers.cookie ?? '')
      .split(';')
      .map((pair) => pair.split('=', 1)[0]?.trim() ?? '')
      .filter((name) => name.startsWith(`${this.prefix}-`));
  }

  private seal(state: string, pending: PendingSignIn): string {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.key, iv).setAAD(Buffer.from(state));
    const sealed = Buffer.concat([cipher.update(JSON.stringify(pending), 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
  }

  private open(state: string, value: string): PendingSignIn | null {
    const bytes = Buffer.from(value, 'base64url');
    if (bytes.length < 28) return null;
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.key, bytes.subarray(0, 12)).setAAD(Buffer.from(state));
      decipher.setAuthTag(bytes.subarray(12, 28));
      return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')) as PendingSignIn;
    } catch {
      return null;
    }
  }
}

import type { NestExpressApplication } from '@nestjs/platform-express';
import connectPgSimple from 'connect-pg-simple';
import type { RequestHandler } from 'express';
import session from 'express-session';
import { Logger } from '@nestjs/common';
import type { Pool } from 'pg';
import { DataSource } from 'typeorm';
import { Config } from '../config';
import { cookieName } from './cookies';

declare module 'express-session' {
  interface SessionData {
    /** Set at sign-in. */
    userId?: string;
    /** When the person signed in, ms since 1970; the absolute limit counts from here. */
    signedInAt?: number;
    /** Id of the provider that vouched for the person. */
    provider?: string;
    /** `identity.id` of what it began with. */
    identityId?: string;
    /** When the person proved who they are, ms since 1970; null: long ago perhaps. */
    provenAt?: number | null;
    /** Makes a session of somebody who is not signed in worth a row, so that its CSRF token holds. */
    startedAt?: number;
  }
}

/** How long a session without a sign-in is kept. */
const ANONYMOUS_MS = 30 * 60_000;

/** When a login session ends if nothing more is heard of it; ms since 1970. */
export function expiryOf(config: Config, data: Partial<session.SessionData>, now = Date.now()): number {
  if (data.userId === undefined || data.signedInAt === undefined) return now + ANONYMOUS_MS;
  return Math.min(now + config.loginSession.idleMs, data.signedInAt + config.loginSession.absoluteMs);
}

const PgStore = connectPgSimple(session);

/** The end of a session is decided here, by the row alone; the browser's cookie has no date and ends with the browser. */
class LoginSessionStore extends PgStore {
  constructor(
    private readonly config: Config,
    pool: Pool,
  ) {
    const logger = new Logger('LoginSessions');
    super({ pool, tableName: 'login_session', errorLog: (...args: unknown[]) => logger.warn(args.map(String).join(' ')) });
  }

  override set(sid: string, data: session.SessionData, done?: (error?: unknown) => void): void {
    super.set(sid, this.dated(data), done);
  }

  override touch(sid: string, data: session.SessionData, done?: () => void): void {
    super.touch(sid, this.dated(data), done);
  }

  private dated(data: session.SessionData): session.SessionData {
    return { ...data, cookie: { ...data.cookie, expires: new Date(expiryOf(this.config, data)) } };
  }
}

/** express-session on table `login_session`; rows are written only for sessions that hold something. */
export function loginSessionMiddleware(app: NestExpressApplication): RequestHandler {
  const config = app.get(Config);
  const { master } = app.get(DataSource).driver as unknown as { master: Pool };
  return session({
    store: new LoginSessionStore(config, master),
    secret: config.sessionSecret.reveal(),
    name: cookieName(config, 'beamdesk'),
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: 'lax', secure: config.secure, path: '/' },
  });
}

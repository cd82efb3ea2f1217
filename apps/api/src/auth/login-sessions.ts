import { Injectable } from '@nestjs/common';
import type { SessionData } from 'express-session';
import { createHash } from 'node:crypto';
import { DataSource } from 'typeorm';
import { Config } from '../config';
import { Site } from '../site/site';
import { cookieName, readCookie, unsignSessionId } from './cookies';
import { expiryOf } from './login-session.middleware';
import { People } from './people';
import type { Person } from './person';
import { decideAccess, NOBODY, Refusal, Standing } from './policy';

/** How a login session is named everywhere but in its own row and cookie. */
export const loginSidOf = (sessionId: string): string => createHash('sha256').update(sessionId).digest('hex');

/** Somebody with full access (signed in, authorised, conditions accepted), or the first thing that is missing. */
export type Resolved = { person: Person; refusal: null } | { person: null; refusal: Refusal };

/** Login sessions outside an HTTP request: websockets, tickets, renewals. Every call asks the database anew. */
@Injectable()
export class LoginSessions {
  constructor(
    private readonly config: Config,
    private readonly dataSource: DataSource,
    private readonly people: People,
    private readonly site: Site,
  ) {}

  /** From a browser's Cookie header as it came. */
  async resolve(cookieHeader: string | undefined): Promise<Resolved> {
    const loginSid = this.loginSidIn(cookieHeader);
    return loginSid ? this.recheck(loginSid) : { person: null, refusal: 'NOT_SIGNED_IN' };
  }

  /** Who is signed in, whether authorised or not, from a browser's Cookie header as it came. Null: nobody. */
  async signedIn(cookieHeader: string | undefined): Promise<{ userId: string; loginSid: string } | null> {
    const loginSid = this.loginSidIn(cookieHeader);
    const userId = loginSid && (await this.userOf(loginSid));
    return loginSid && userId ? { userId, loginSid } : null;
  }

  /** From `Person.loginSid`: whether that login session is still good for everything. */
  async recheck(loginSid: string): Promise<Resolved> {
    const { standing, person } = await this.standing(await this.userOf(loginSid), loginSid);
    const refusal = decideAccess('accepted', standing);
    return person && !refusal ? { person, refusal: null } : { person: null, refusal: refusal ?? 'NOT_SIGNED_IN' };
  }

  /** What the database knows about a user id of a login session. */
  async standing(userId: string | null, loginSid: string): Promise<{ standing: Standing; person: Person | null }> {
    const record = userId ? await this.people.find(userId, this.site.conditions.version) : null;
    if (!record) return { standing: NOBODY, person: null };
    const { accepted, ...person } = record;
    return {
      standing: { signedIn: true, authorised: record.roles.length > 0, conditionsAccepted: accepted },
      person: { ...person, loginSid },
    };
  }

  /** Work at a desktop counts as use: moves the idle limit on, never past the absolute one. Gone already: no effect. */
  async touch(loginSid: string): Promise<void> {
    const [row] = await this.dataSource.query<{ sess: Partial<SessionData> }[]>(
      'SELECT sess FROM login_session WHERE login_sid = $1 AND expire > now()',
      [loginSid],
    );
    if (!row) return;
    await this.dataSource.query('UPDATE login_session SET expire = $2 WHERE login_sid = $1', [
      loginSid,
      new Date(expiryOf(this.config, row.sess)),
    ]);
  }

  private loginSidIn(cookieHeader: string | undefined): string | null {
    const value = readCookie(cookieHeader, cookieName(this.config, 'beamdesk'));
    const sid = unsignSessionId(value, this.config.sessionSecret.reveal());
    return sid ? loginSidOf(sid) : null;
  }

  private async userOf(loginSid: string): Promise<string | null> {
    const [row] = await this.dataSource.query<{ user_id: string | null }[]>(
      'SELECT user_id FROM login_session WHERE login_sid = $1 AND expire > now()',
      [loginSid],
    );
    return row?.user_id ?? null;
  }
}

import { EVENTS_CLOSE } from '@beamdesk/contracts';
import type { Subject } from '@beamdesk/quota';
import { BeforeApplicationShutdown, Injectable, Logger, OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { LoginSessions, Person, Refusal } from '../auth';
import { FollowedRestores } from '../proposals/followed-restores';
import { readRestoreChange } from '../proposals/restore-channel';
import { readQuotaChange } from '../quotas/quota-channel';
import { Audience } from './audience';
import { ChangeFeed } from './change-feed';
import { EventSocket } from './event-socket';
import { PortalState } from './portal-state';
import { QuotaClock } from './quota-clock';

const TICK_MS = 1_000;
const PING_TICKS = 20;
const RECHECK_TICKS = 15;
const SHARED_MS = 1_000;
const MAX_PER_LOGIN = 32;
const GOING_AWAY = 1001;
const TRY_AGAIN_LATER = 1013;

/** How an event socket ends when its login session is no longer good for everything. */
export function closeCodeFor(refusal: Refusal): number {
  return refusal === 'NOT_SIGNED_IN' ? EVENTS_CLOSE.SIGNED_OUT : EVENTS_CLOSE.FORBIDDEN;
}

/** Every open event socket of this process, by person; passes changes on and ends sockets whose right has ended. */
@Injectable()
export class EventHub implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Events');
  private readonly audiences = new Map<string, Audience>();
  private readonly stops: (() => void)[] = [];
  /** Roles by login session, as they were when they were last looked at. */
  private readonly roles = new Map<string, string>();
  private ticks = 0;
  private sharedTimer: NodeJS.Timeout | null = null;

  constructor(
    private readonly feed: ChangeFeed,
    private readonly state: PortalState,
    private readonly loginSessions: LoginSessions,
    private readonly dataSource: DataSource,
    private readonly restores: FollowedRestores,
    private readonly quotaClock: QuotaClock,
  ) {}

  onApplicationBootstrap(): void {
    this.stops.push(this.feed.onInstance((id) => void this.instanceChanged(id)));
    this.stops.push(this.feed.onSignOut((loginSid) => this.closeLogin(loginSid, 'NOT_SIGNED_IN')));
    this.stops.push(this.feed.onAuthorisation((userId) => void this.authorisationChanged(userId)));
    this.stops.push(this.feed.onRestore((change) => void this.restoreChanged(change)));
    this.stops.push(this.feed.onAnnouncement(() => this.announce()));
    this.stops.push(this.feed.onRequest((userId) => this.requestChanged(userId)));
    this.stops.push(this.feed.onQuota((change) => this.quotaChanged(readQuotaChange(change))));
    this.stops.push(this.quotaClock.onMoment((subject) => this.quotaChanged(subject)));
    this.stops.push(() => this.sharedTimer && clearTimeout(this.sharedTimer));
    this.stops.push(this.feed.onGap(() => this.audiences.forEach((audience) => audience.refreshAll())));
    const timer = setInterval(() => this.tick(), TICK_MS);
    this.stops.push(() => clearInterval(timer));
  }

  /** Before the http server closes: it waits for every socket. */
  beforeApplicationShutdown(): void {
    for (const stop of this.stops) stop();
    for (const socket of this.sockets()) socket.close(GOING_AWAY, 'restart');
  }

  /** False: this login session has too many open already; the socket was closed. */
  join(socket: EventSocket, person: Person): boolean {
    const audience =
      this.audiences.get(person.id) ??
      new Audience(person.id, this.state, (error) => this.logger.warn(`cannot read: ${String(error)}`));
    const open = [...audience.sockets].filter((other) => other.loginSid === socket.loginSid).length;
    if (open >= MAX_PER_LOGIN) {
      socket.close(TRY_AGAIN_LATER, 'too many');
      return false;
    }
    this.audiences.set(person.id, audience);
    this.roles.set(socket.loginSid, person.roles.join());
    audience.join(socket);
    return true;
  }

  leave(socket: EventSocket, person: Person): void {
    const audience = this.audiences.get(person.id);
    audience?.leave(socket);
    if (audience?.sockets.size === 0) this.audiences.delete(person.id);
  }

  private *sockets(): Iterable<EventSocket> {
    for (const audience of this.audiences.values()) yield* audience.sockets;
  }

  /** Told to its members alone. */
  private async instanceChanged(id: string): Promise<void> {
    if (this.audiences.size === 0) return;
    this.sharedSoon();
    try {
      const members = await this.dataSource.query<{ user_id: string }[]>(
        'SELECT user_id FROM member WHERE instance_id = $1',
        [id],
      );
      for (const { user_id } of members) this.audiences.get(user_id)?.instanceChanged(id);
    } catch (error) {
      this.logger.warn(`cannot tell who sees ${id}: ${String(error)}`);
      this.audiences.forEach((audience) => audience.refreshAll());
    }
  }

  /** Other limits: of a person, or of what many share. Who is not concerned is told nothing. */
  private quotaChanged(subject: Subject | null): void {
    if (subject?.kind === 'user') this.audiences.get(subject.id)?.quotaChanged();
    else this.audiences.forEach((audience) => audience.quotaChanged());
  }

  /** Somebody else's desktop takes of limits that many share: those see it within a second, however many desktops change. */
  private sharedSoon(): void {
    this.sharedTimer ??= setTimeout(() => {
      this.sharedTimer = null;
      this.audiences.forEach((audience) => audience.sharesLimits && audience.quotaChanged());
    }, SHARED_MS).unref();
  }

  /** Ends at once what is no longer right; what is left shows other limits perhaps. */
  private async authorisationChanged(userId: string): Promise<void> {
    const audience = this.audiences.get(userId);
    if (!audience) return;
    try {
      for (const login of new Set([...audience.sockets].map(({ loginSid }) => loginSid))) await this.recheckOne(login);
    } catch (error) {
      this.logger.warn(`cannot tell what ${userId} may still do: ${String(error)}`);
    }
    for (const socket of audience.sockets) socket.tellAuthorisation();
    audience.refreshAll();
  }

  /** Told to everybody, in words that are each page's to fetch. */
  private announce(): void {
    for (const socket of this.sockets()) socket.tell({ type: 'announcements' });
  }

  /** Told to whoever asked; each page fetches how its requests stand. */
  private requestChanged(userId: string): void {
    for (const socket of this.audiences.get(userId)?.sockets ?? []) socket.tell({ type: 'request' });
  }

  /** Told to whoever asked for it. */
  private async restoreChanged(said: string): Promise<void> {
    const change = readRestoreChange(said);
    const audience = change && this.audiences.get(change.userId);
    if (!audience) return;
    try {
      const restore = await this.restores.find(change);
      if (!restore) return;
      for (const socket of audience.sockets) socket.tell({ type: 'restore', proposalKey: change.proposalKey, restore });
    } catch (error) {
      this.logger.warn(`cannot tell how a restore stands: ${String(error)}`);
      audience.refreshAll();
    }
  }

  private tick(): void {
    this.ticks += 1;
    const now = Date.now();
    this.audiences.forEach((audience) => audience.tick(now));
    if (this.ticks % PING_TICKS === 0) for (const socket of this.sockets()) socket.ping();
    void (this.ticks % RECHECK_TICKS === 0 ? this.recheck() : this.closeExpired()).catch((error: unknown) =>
      // Not knowing is not a sign-out.
      this.logger.debug(`cannot check login sessions: ${String(error)}`),
    );
  }

  /** Ends within a second or two what hangs on a login session that ran out; one query whatever the number of tabs. */
  private async closeExpired(): Promise<void> {
    const logins = this.logins();
    if (logins.length === 0) return;
    const rows = await this.dataSource.query<{ login_sid: string }[]>(
      'SELECT login_sid FROM login_session WHERE login_sid = ANY($1) AND expire > now()',
      [logins],
    );
    const good = new Set(rows.map((row) => row.login_sid));
    for (const login of logins) if (!good.has(login)) this.closeLogin(login, 'NOT_SIGNED_IN');
  }

  /** What runs out by its date is told by nobody: that is seen here. */
  private async recheck(): Promise<void> {
    const logins = this.logins();
    for (const login of this.roles.keys()) if (!logins.includes(login)) this.roles.delete(login);
    for (const login of logins) {
      if (!(await this.recheckOne(login))) continue;
      for (const audience of this.audiences.values()) {
        const told = [...audience.sockets].filter(({ loginSid }) => loginSid === login);
        for (const socket of told) socket.tellAuthorisation();
        if (told.length > 0) audience.refreshAll();
      }
    }
  }

  /** True: it goes on, with other roles than before. */
  private async recheckOne(login: string): Promise<boolean> {
    const { person, refusal } = await this.loginSessions.recheck(login);
    if (!person) {
      this.closeLogin(login, refusal);
      return false;
    }
    const [before, now] = [this.roles.get(login), person.roles.join()];
    this.roles.set(login, now);
    return before !== now;
  }

  private logins(): string[] {
    return [...new Set([...this.sockets()].map((socket) => socket.loginSid))];
  }

  private closeLogin(loginSid: string, refusal: Refusal): void {
    for (const socket of this.sockets()) {
      if (socket.loginSid === loginSid) socket.close(closeCodeFor(refusal), refusal);
    }
  }
}

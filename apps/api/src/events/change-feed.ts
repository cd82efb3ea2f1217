import { Injectable, Logger, OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { Client } from 'pg';
import { ANNOUNCEMENT_CHANNEL } from '../announcements/announcement-channel';
import { AUTHORISATION_CHANNEL } from '../authorisation/authorisation-channel';
import { Config, DatabaseSettings } from '../config';
import { DISPLAY_ANSWER_CHANNEL } from '../display/display-channel';
import { INSTANCE_CHANNEL } from '../instances/change-feed';
import { RESTORE_CHANNEL } from '../proposals/restore-channel';
import { QUOTA_CHANNEL } from '../quotas/quota-channel';
import { REQUEST_CHANNEL } from '../quota-requests/request-channel';

/** `NOTIFY` channel of sign-outs; the payload is the login session's `login_sid`. */
export const SESSION_CHANNEL = 'beamdesk_session';

type Listener<T extends unknown[]> = (...args: T) => void;

const PROBE_MS = 5_000;
const RETRY_MS = 250;

/**
 * The one LISTEN connection of this process. PostgreSQL keeps nothing for a listener that was away, so `onGap` tells when the
 * connection is back: then everything has to be looked at again. Listeners must not throw.
 */
@Injectable()
export class ChangeFeed implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('ChangeFeed');
  private readonly instanceListeners = new Set<Listener<[instanceId: string]>>();
  private readonly signOutListeners = new Set<Listener<[loginSid: string]>>();
  private readonly authorisationListeners = new Set<Listener<[userId: string]>>();
  private readonly displayListeners = new Set<Listener<[answer: string]>>();
  private readonly restoreListeners = new Set<Listener<[change: string]>>();
  private readonly quotaListeners = new Set<Listener<[change: string]>>();
  private readonly announcementListeners = new Set<Listener<[id: string]>>();
  private readonly requestListeners = new Set<Listener<[userId: string]>>();
  private readonly gapListeners = new Set<Listener<[]>>();
  private readonly listeners: Record<string, Iterable<Listener<[string]>>> = {
    [INSTANCE_CHANNEL]: this.instanceListeners,
    [SESSION_CHANNEL]: this.signOutListeners,
    [AUTHORISATION_CHANNEL]: this.authorisationListeners,
    [DISPLAY_ANSWER_CHANNEL]: this.displayListeners,
    [RESTORE_CHANNEL]: this.restoreListeners,
    [QUOTA_CHANNEL]: this.quotaListeners,
    [REQUEST_CHANNEL]: this.requestListeners,
    [ANNOUNCEMENT_CHANNEL]: this.announcementListeners,
  };
  private client: Client | null = null;
  private running: Promise<void> | null = null;
  private stopping = new AbortController();
  private readonly database: DatabaseSettings;

  constructor(config: Config) {
    this.database = config.database;
  }

  /** Each of these returns the way to stop listening. */
  onInstance(listener: Listener<[instanceId: string]>): () => void {
    return add(this.instanceListeners, listener);
  }

  onSignOut(listener: Listener<[loginSid: string]>): () => void {
    return add(this.signOutListeners, listener);
  }

  /** What somebody is authorised for changed, or their request. */
  onAuthorisation(listener: Listener<[userId: string]>): () => void {
    return add(this.authorisationListeners, listener);
  }

  /** What came of a wish for a screen's size, as it was said. */
  onDisplayAnswer(listener: Listener<[answer: string]>): () => void {
    return add(this.displayListeners, listener);
  }

  /** A restore that somebody asked for changed its state, as it was said. */
  onRestore(listener: Listener<[change: string]>): () => void {
    return add(this.restoreListeners, listener);
  }

  /** An announcement was made, changed or ended. */
  onAnnouncement(listener: Listener<[id: string]>): () => void {
    return add(this.announcementListeners, listener);
  }

  /** Somebody's requests for quota or a longer life changed. */
  onRequest(listener: Listener<[userId: string]>): () => void {
    return add(this.requestListeners, listener);
  }

  /** Limits of somebody or of something changed, as it was said. */
  onQuota(listener: Listener<[change: string]>): () => void {
    return add(this.quotaListeners, listener);
  }

  onGap(listener: Listener<[]>): () => void {
    return add(this.gapListeners, listener);
  }

  /** Resolves when it hears; a database that is away is waited for in the background. */
  async onApplicationBootstrap(): Promise<void> {
    if (this.running) return;
    await new Promise<void>((first) => {
      this.running = this.run(first);
    });
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.client?.end().catch(() => undefined);
    await this.running;
  }

  private async run(settled: () => void): Promise<void> {
    for (let heardBefore = false; !this.stopping.signal.aborted;) {
      const client = this.connection();
      const ended = new Promise<void>((end) => client.once('end', end));
      try {
        await client.connect();
        await client.query(
          Object.keys(this.listeners)
            .map((channel) => `LISTEN ${channel}`)
            .join('; '),
        );
        this.client = client;
        if (heardBefore) {
          this.logger.log('hears changes again');
          for (const listener of this.gapListeners) listener();
        }
        heardBefore = true;
        settled();
        await this.untilLost(client, ended);
        if (!this.stopping.signal.aborted) this.logger.warn('lost the connection that hears changes');
      } catch (error) {
        if (!this.stopping.signal.aborted) this.logger.warn(`cannot listen for changes: ${String(error)}`);
        // What changed between a failed first try and the next one was heard by nobody.
        heardBefore = true;
      }
      this.client = null;
      settled();
      await client.end().catch(() => undefined);
      await pause(RETRY_MS, this.stopping.signal);
    }
  }

  private connection(): Client {
    const { host, port, user, database, ssl, password } = this.database;
    const client = new Client({
      host,
      port,
      user,
      database,
      ssl,
      ...(password ? { password: password.reveal() } : {}),
      application_name: 'beamdesk-api-feed',
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    });
    client.on('error', (error) => this.logger.debug(`connection: ${error.message}`));
    client.on('notification', ({ channel, payload }) => {
      if (!payload) return;
      for (const listener of this.listeners[channel] ?? []) listener(payload);
    });
    return client;
  }

  /** A cut network tells nobody: ask now and then, and take silence for an end. */
  private async untilLost(client: Client, ended: Promise<void>): Promise<void> {
    for (;;) {
      const over = await Promise.race([
        ended.then(() => true),
        pause(PROBE_MS, this.stopping.signal).then(() => false),
      ]);
      if (over || this.stopping.signal.aborted) return;
      const answer = client.query('SELECT 1').then(
        () => true,
        () => false,
      );
      if (!(await Promise.race([answer, pause(PROBE_MS, this.stopping.signal).then(() => false)]))) return;
    }
  }
}

function add<T>(set: Set<T>, listener: T): () => void {
  set.add(listener);
  return () => void set.delete(listener);
}

/** Resolves after the time, or at once when stopped. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}

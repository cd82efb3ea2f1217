import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { DISPLAY_CHANNEL } from '../../display/display-channel';
import { TEMPLATE_CHANNEL } from '../../templates/template-channel';
import { INSTANCE_CHANNEL } from '../change-feed';

/** How often the holder shows that it lives, and after how long without it PostgreSQL ends the lease. */
export const RENEW_MS = 2000;
const ABANDONED_MS = 15_000;
const CLOSE_MS = 2000;

/** What the holder hears; must not throw. */
export interface LeaseListener {
  instanceChanged(id: string): void;
  templatesChanged(): void;
  /** A wish for the size of a screen, of any host. */
  displayWanted(wish: string): void;
}

/**
 * The right to run the machines of one host: a session-level advisory lock on a connection of its own, which also listens
 * to the change feed. Connection gone = right gone: PostgreSQL gives the lock to the next worker.
 */
export class HostLease {
  private readonly controller = new AbortController();
  /** Aborted when the lease is lost or given back. */
  readonly fence = this.controller.signal;

  private constructor(
    private readonly client: Client,
    listener: LeaseListener,
  ) {
    client.on('notification', ({ channel, payload }) => {
      if (channel === TEMPLATE_CHANNEL) listener.templatesChanged();
      else if (payload && channel === DISPLAY_CHANNEL) listener.displayWanted(payload);
      else if (payload) listener.instanceChanged(payload);
    });
    client.on('error', () => this.controller.abort());
    client.on('end', () => this.controller.abort());
  }

  /** Null: another worker holds it. @throws when the database can't be reached */
  static async take(dataSource: DataSource, hostId: string, listener: LeaseListener): Promise<HostLease | null> {
    const { options } = dataSource;
    if (options.type !== 'postgres') throw new Error(`needs PostgreSQL, not ${options.type}`);
    const { host, port, database, username: user, password, ssl } = options;
    const client = new Client({
      host,
      port,
      database,
      user,
      password: password as string | undefined,
      ssl: ssl as boolean | undefined,
      application_name: 'beamdesk-worker',
      connectionTimeoutMillis: 5000,
      query_timeout: 5000,
      keepAlive: true,
    });
    const lease = new HostLease(client, listener);
    try {
      await client.connect();
      const { rows } = await client.query('SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS taken', [
        `host:${hostId}`,
      ]);
      if (rows[0]?.taken === true) {
        // A worker that vanished without a word loses the host by then; `renew` keeps a living one well below.
        await client.query(`SET idle_session_timeout = '${ABANDONED_MS}ms'`);
        await client.query(`LISTEN ${INSTANCE_CHANNEL}; LISTEN ${TEMPLATE_CHANNEL}; LISTEN ${DISPLAY_CHANNEL}`);
        return lease;
      }
      await lease.release();
      return null;
    } catch (error) {
      await lease.release();
      throw error;
    }
  }

  /** Keeps the lease, and notices a connection that died without a word. @throws when it did */
  async renew(): Promise<void> {
    try {
      await this.client.query('SELECT 1');
    } catch (error) {
      this.controller.abort();
      throw error;
    }
  }

  async release(): Promise<void> {
    this.controller.abort();
    const ended = this.client.end().catch(() => undefined);
    // A server that does not answer must not keep us.
    await Promise.race([ended, pause(CLOSE_MS, undefined, { ref: false })]);
  }
}

import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Config } from '../config';
import { InstanceSettings } from '../instances/instance-settings';

/** `missing`: migrations of this program that the database lacks. `silent`: nobody has told figures of this process's host lately. */
export interface ReadyParts {
  database: 'ok' | 'unreachable';
  migrations: 'ok' | 'missing' | 'unknown';
  /** Of the role `worker` alone. */
  worker?: 'ok' | 'silent' | 'unknown';
}

export interface ReadyState {
  status: 'ok' | 'not-ready';
  parts: ReadyParts;
}

/** A probe must answer before whoever probes gives up. */
const PATIENCE_MS = 3_000;

const HEARTBEAT = `SELECT observed_at > clock_timestamp() - make_interval(secs => $2) AS beats FROM host WHERE id = $1`;

/** Whether this process can do its work, and which part of it is missing; nothing of the inside beyond that. */
@Injectable()
export class Readiness {
  private readonly log = new Logger('Readiness');
  private failing = '';

  constructor(
    private readonly dataSource: DataSource,
    private readonly config: Config,
    private readonly settings: InstanceSettings,
  ) {}

  async look(): Promise<ReadyState> {
    const worker = this.config.roles.has('worker');
    const away: ReadyParts = { database: 'unreachable', migrations: 'unknown', ...(worker && { worker: 'unknown' }) };
    const parts = await within(this.parts(worker)).catch((error: unknown) => this.unreachable(error, away));
    const ready = Object.values(parts).every((part) => part === 'ok');
    if (ready) this.failing = '';
    return { status: ready ? 'ok' : 'not-ready', parts };
  }

  private async parts(worker: boolean): Promise<ReadyParts> {
    const [missing, beats] = await Promise.all([
      this.lacksMigrations(),
      worker ? this.beats() : Promise.resolve(null),
    ]);
    const heart = beats === null ? {} : { worker: beats ? ('ok' as const) : ('silent' as const) };
    return { database: 'ok', migrations: missing ? 'missing' : 'ok', ...heart };
  }

  private async lacksMigrations(): Promise<boolean> {
    const rows = await this.dataSource.query<{ name: string }[]>('SELECT name FROM migration');
    const ran = new Set(rows.map(({ name }) => name));
    return this.dataSource.migrations.some((migration) => !ran.has(migration.name ?? migration.constructor.name));
  }

  private async beats(): Promise<boolean> {
    const { hostName } = this.config;
    const rows = await this.dataSource.query<{ beats: boolean | null }[]>(HEARTBEAT, [
      hostName,
      this.settings.hostSilentMs / 1000,
    ]);
    return rows[0]?.beats === true;
  }

  /** Said once, not at every probe. */
  private unreachable(error: unknown, away: ReadyParts): ReadyParts {
    const message = String(error);
    if (message !== this.failing) this.log.warn(`not ready: ${message}`);
    this.failing = message;
    return away;
  }
}

async function within<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the database does not answer in time')), PATIENCE_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

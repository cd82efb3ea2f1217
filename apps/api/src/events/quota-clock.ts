import type { Subject } from '@beamdesk/quota';
import { Injectable, Logger, OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ChangeFeed } from './change-feed';

/** Timers longer than this are begun again: a clock may be set meanwhile. */
const LOOK_MS = 3_600_000;
/** So that the moment is surely over by the database's clock. */
const AFTER_MS = 20;
const RETRY_MS = 5_000;

/** Since `$1` (null: just now): whose overrides began or ended by themselves, and how long until the next one does. */
const MOMENTS = `
  WITH moments AS (SELECT subject_kind AS kind, subject_id AS id, m.at FROM quota_override
    CROSS JOIN LATERAL (VALUES (starts_at), (ends_at)) AS m(at) WHERE ended_at IS NULL AND m.at IS NOT NULL)
  SELECT now.at::text AS now,
    (SELECT coalesce(json_agg(DISTINCT jsonb_build_object('kind', kind, 'id', id)), '[]') FROM moments
      WHERE at > $1::timestamptz AND at <= now.at) AS passed,
    (SELECT extract(epoch FROM min(at) - now.at)::float8 * 1000 FROM moments WHERE at > now.at) AS "nextMs"
  FROM (SELECT clock_timestamp() AS at) now`;

interface Moments {
  /** As the database has it, to the microsecond. */
  now: string;
  passed: Subject[];
  nextMs: number | null;
}

/** Tells when overrides begin and end by themselves: a change that nobody makes and nobody else tells. */
@Injectable()
export class QuotaClock implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('QuotaClock');
  private readonly listeners = new Set<(subject: Subject) => void>();
  private readonly stops: (() => void)[] = [];
  private timer: NodeJS.Timeout | null = null;
  private seen: string | null = null;
  private looking: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly dataSource: DataSource,
    private readonly feed: ChangeFeed,
  ) {}

  /** @returns the way to stop listening */
  onMoment(listener: (subject: Subject) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  onApplicationBootstrap(): void {
    this.stops.push(this.feed.onQuota(() => this.look()));
    this.stops.push(this.feed.onGap(() => this.look()));
    this.look();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    for (const stop of this.stops) stop();
    if (this.timer) clearTimeout(this.timer);
    await this.looking;
  }

  private look(): void {
    this.looking = this.looking.then(() => this.lookOnce());
  }

  private async lookOnce(): Promise<void> {
    if (this.stopped) return;
    let waitMs = RETRY_MS;
    try {
      const [found] = await this.dataSource.query<Moments[]>(MOMENTS, [this.seen]);
      if (!found) return;
      this.seen = found.now;
      for (const subject of found.passed) for (const listener of this.listeners) listener(subject);
      waitMs = Math.min(LOOK_MS, (found.nextMs ?? LOOK_MS) + AFTER_MS);
    } catch (error) {
      this.logger.warn(`cannot see when limits change: ${String(error)}`);
    }
    if (this.timer) clearTimeout(this.timer);
    if (!this.stopped) this.timer = setTimeout(() => this.look(), waitMs).unref();
  }
}

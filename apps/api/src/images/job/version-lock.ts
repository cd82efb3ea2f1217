import type { DataSource, QueryRunner } from 'typeorm';
import type { ImageStep } from '@beamdesk/contracts';
import type { ImageVersionEntity } from '../entities/image-version.entity';

const BEAT_MS = 1000;

type Named = Pick<ImageVersionEntity, 'imageId' | 'number' | 'attempt'>;

/**
 * The right to take one version in: an advisory lock on a connection of its own, so that it ends with its process. Tells how far the work
 * is, and ends it when the version is not wanted any more or the connection is lost.
 */
export class VersionLock {
  private readonly controller = new AbortController();
  private step: ImageStep = 'waiting';
  private fraction: number | null = null;
  private readonly timer: NodeJS.Timeout;
  private beating: Promise<void> = Promise.resolve();

  private constructor(
    private readonly runner: QueryRunner,
    private readonly version: Named,
  ) {
    this.timer = setInterval(() => {
      this.beating = this.beating.then(() => this.beat());
    }, BEAT_MS).unref();
  }

  /** Null: somebody else works on it. */
  static async take(dataSource: DataSource, version: Named): Promise<VersionLock | null> {
    const runner = dataSource.createQueryRunner();
    await runner.connect();
    try {
      const rows: { taken: boolean }[] = await runner.query(
        'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS taken',
        [keyOf(version)],
      );
      if (rows[0]?.taken === true) return new VersionLock(runner, version);
      await runner.release();
      return null;
    } catch (error) {
      await runner.release();
      throw error;
    }
  }

  /** Aborted when the work is of no use any more. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Told to the pages with the next beat; a new step at once. */
  async tell(step: ImageStep, fraction: number | null = null): Promise<void> {
    const isNew = step !== this.step;
    this.step = step;
    this.fraction = fraction;
    if (isNew) await this.beat();
  }

  async release(): Promise<void> {
    clearInterval(this.timer);
    await this.beating;
    // A connection that is broken holds no lock.
    await this.runner.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [keyOf(this.version)]).catch(() => undefined);
    await this.runner.release();
  }

  private async beat(): Promise<void> {
    const { imageId, number, attempt } = this.version;
    try {
      const [rows]: [unknown[], number] = await this.runner.query(
        `UPDATE image_version SET step = $4, fraction = $5
         WHERE image_id = $1 AND number = $2 AND attempt = $3 AND state = 'importing' RETURNING number`,
        [imageId, number, attempt, this.step, this.fraction],
      );
      if (rows.length === 0) this.controller.abort();
    } catch {
      this.controller.abort();
    }
  }
}

const keyOf = ({ imageId, number }: Named): string => `image:${imageId}:${number}`;

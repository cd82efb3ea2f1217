import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** So many tries are free; each further one makes the account wait, twice as long every time. */
export const FREE_TRIES = 5;
const FIRST_WAIT_SECONDS = 30;
/** Long enough to make guessing hopeless, short enough that nobody can keep another out for a day. */
const LONGEST_WAIT_SECONDS = 15 * 60;
const FORGOTTEN_AFTER_HOURS = 24;

/**
 * Lock-out with back-off, by name. Every try is counted as failed before its password is looked at, so that a hundred at once
 * are no more than one after the other; the right password takes the count back. A name that is nobody's is locked alike.
 */
@Injectable()
export class PasswordAttempts {
  constructor(private readonly dataSource: DataSource) {}

  /** @returns null: go on; otherwise for how many seconds no password is looked at */
  async begin(name: string): Promise<number | null> {
    const key = keyOf(name);
    // Of two first tries at once one finds no row, and then the other's.
    if ((await this.countAgain(key)) || (await this.countFirst(key)) || (await this.countAgain(key))) return null;
    return this.waitOf(key);
  }

  /** The right password was given, or an administrator says so. @returns whether there was something to forget */
  async forget(name: string): Promise<boolean> {
    const [gone] = await this.dataSource.query<[unknown[], number]>(
      'DELETE FROM password_attempts WHERE key = $1 RETURNING key',
      [keyOf(name)],
    );
    return gone.length > 0;
  }

  private async countAgain(key: string): Promise<boolean> {
    const [rows] = await this.dataSource.query<[unknown[], number]>(
      `UPDATE password_attempts SET
         failures = CASE WHEN last_at < now() - make_interval(hours => $2) THEN 1 ELSE failures + 1 END,
         locked_until = now() + CASE WHEN last_at < now() - make_interval(hours => $2) OR failures + 1 < $3 THEN interval '0'
           ELSE make_interval(secs => least($5, $4 * power(2, least(failures + 1 - $3, 20)))) END,
         last_at = now()
       WHERE key = $1 AND locked_until <= now() RETURNING key`,
      [key, FORGOTTEN_AFTER_HOURS, FREE_TRIES, FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS],
    );
    return rows.length > 0;
  }

  private async countFirst(key: string): Promise<boolean> {
    const rows = await this.dataSource.query<unknown[]>(
      `INSERT INTO password_attempts (key, failures, locked_until, last_at) VALUES ($1, 1, now(), now())
       ON CONFLICT DO NOTHING RETURNING key`,
      [key],
    );
    if (rows.length > 0) await this.forgetOld();
    return rows.length > 0;
  }

  /** At least a second. */
  private async waitOf(key: string): Promise<number> {
    const [row] = await this.dataSource.query<{ seconds: number }[]>(
      `SELECT ceil(extract(epoch FROM locked_until - now()))::integer AS seconds FROM password_attempts WHERE key = $1`,
      [key],
    );
    return Math.max(1, row?.seconds ?? 1);
  }

  /** Names that nobody tries any more need no row. */
  private async forgetOld(): Promise<void> {
    await this.dataSource.query('DELETE FROM password_attempts WHERE last_at < now() - make_interval(hours => $1)', [
      FORGOTTEN_AFTER_HOURS,
    ]);
  }
}

const keyOf = (name: string) => createHash('sha256').update(name).digest('hex');

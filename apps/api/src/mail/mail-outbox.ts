import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { MailState } from './mail-row.entity';

/** A mail claimed to be sent. */
export interface Outgoing {
  id: string;
  template: string;
  toName: string;
  toAddress: string;
  subject: string;
  body: string;
  /** This one counted in. */
  tries: number;
}

/** So long nobody else takes a mail that is being sent; longer than sending may take. */
const CLAIM_SECONDS = 300;
/** The pause after the first failure, doubled after each that follows. */
const FIRST_PAUSE_SECONDS = 30;
const LONGEST_PAUSE_SECONDS = 3600;
/** Tries of one mail: about a day. */
const MOST_TRIES = 30;
/** Rows without anything in them are kept so long, for who looks for what was sent. */
const KEPT_DAYS = 30;

/** The table of mails, as the one who sends them uses it. */
@Injectable()
export class MailOutbox {
  constructor(private readonly dataSource: DataSource) {}

  /** The next whose time has come; null: none. */
  async claim(): Promise<Outgoing | null> {
    const [rows]: [Outgoing[], number] = await this.dataSource.query(
      `UPDATE mail SET tries = tries + 1, due_at = now() + make_interval(secs => $1)
       WHERE id = (SELECT id FROM mail WHERE state = 'WAITING' AND due_at <= now() ORDER BY due_at, id
         LIMIT 1 FOR UPDATE SKIP LOCKED)
       RETURNING id, template, to_name AS "toName", to_address AS "toAddress", subject, body, tries`,
      [CLAIM_SECONDS],
    );
    return rows[0] ?? null;
  }

  /** When it is tried again, in seconds; null: not any more. */
  async postpone({ id, tries }: Outgoing): Promise<number | null> {
    if (tries >= MOST_TRIES) return null;
    const seconds = Math.min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** (tries - 1));
    await this.dataSource.query(
      `UPDATE mail SET due_at = now() + make_interval(secs => $2) WHERE id = $1 AND state = 'WAITING'`,
      [id, seconds],
    );
    return seconds;
  }

  /** Nothing of what it said stays: it may hold the link of an invitation. */
  async end(id: string, state: Exclude<MailState, 'WAITING'>): Promise<void> {
    await this.dataSource.query(
      `UPDATE mail SET state = $2, ended_at = now(), to_name = NULL, to_address = NULL, subject = NULL, body = NULL
       WHERE id = $1 AND state = 'WAITING'`,
      [id, state],
    );
  }

  async tidy(): Promise<void> {
    await this.dataSource.query('DELETE FROM mail WHERE ended_at < now() - make_interval(days => $1)', [KEPT_DAYS]);
  }
}

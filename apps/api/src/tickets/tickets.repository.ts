import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** What a ticket was given out for. */
export interface TicketHolder {
  /** As in `login_session.login_sid`. */
  loginSid: string;
  userId: string;
  instanceId: string;
}

export const TICKET_SECONDS = 15;
/** Used and expired tickets are kept this long, for whoever looks into an incident. */
const KEEP = '1 hour';

const hashOf = (ticket: string): string => createHash('sha256').update(ticket).digest('hex');

/** Tickets: 256 random bits each, stored as their SHA-256, so that the table opens nothing. */
@Injectable()
export class TicketsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** The only time the ticket itself is seen. */
  async issue(holder: TicketHolder): Promise<{ ticket: string; expiresAt: Date }> {
    const ticket = randomBytes(32).toString('base64url');
    const [row] = await this.dataSource.query<{ expires_at: Date }[]>(
      `INSERT INTO ticket (hash, login_sid, user_id, instance_id, expires_at)
       VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5)) RETURNING expires_at`,
      [hashOf(ticket), holder.loginSid, holder.userId, holder.instanceId, TICKET_SECONDS],
    );
    if (!row) throw new Error('the ticket was not stored');
    return { ticket, expiresAt: row.expires_at };
  }

  /** Uses it up, whoever asks and whatever follows. Null: unknown, used or expired, never told apart. */
  async use(ticket: string): Promise<TicketHolder | null> {
    const [rows] = await this.dataSource.query<[{ login_sid: string; user_id: string; instance_id: string }[], number]>(
      `UPDATE ticket SET used_at = now() WHERE hash = $1 AND used_at IS NULL AND expires_at > now()
       RETURNING login_sid, user_id, instance_id`,
      [hashOf(ticket)],
    );
    const row = rows[0];
    return row ? { loginSid: row.login_sid, userId: row.user_id, instanceId: row.instance_id } : null;
  }

  async sweep(): Promise<void> {
    await this.dataSource.query(`DELETE FROM ticket WHERE expires_at < now() - interval '${KEEP}'`);
  }
}

import type { RenewalRequest, SessionClosed, SessionOpened } from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource, EntityManager } from 'typeorm';
import { writeAudit } from '../audit/write-audit';
import { DesktopSessionEntity } from './desktop-session.entity';

/** A session whose renewals are missing for this long is over. */
export const SILENCE_SECONDS = 60;
/** A session that is this old without a connection will not get one. */
const OPENING_SECONDS = 20;

/** Condition on a row of `desktop_session`: its connection is there. */
export const LIVE_SESSION = `closed_at IS NULL AND renewed_at > now() - interval '${SILENCE_SECONDS} seconds'`;

export interface NewSession {
  instanceId: string;
  userId: string;
  loginSid: string;
  bridge: string;
  readOnly: boolean;
}

/** What a newcomer finds: a connection to join, one that is just being made, or nothing. */
export type Found = { live: SessionOpened } | 'opening' | 'none';

/** Rows of desktop sessions. */
@Injectable()
export class DesktopSessionsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Finds what there is of this user at this instance and, as `decide` says, writes the new session: in one transaction
   * and one at a time, so that two tabs at once don't both think that they are the first.
   * @param decide the connection to join, null to make one, 'wait' to write nothing
   */
  begin(
    session: NewSession,
    decide: (found: Found) => SessionOpened | null | 'wait',
  ): Promise<{ id: string; joined: SessionOpened | null } | null> {
    return this.dataSource.transaction(async (manager) => {
      const name = `desktop-session:${session.instanceId}:${session.userId}`;
      await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [name]);
      const joined = decide(await this.found(manager, session));
      if (joined === 'wait') return null;
      const row = manager.create(DesktopSessionEntity, {
        ...session,
        guacdHost: joined?.guacd.host ?? null,
        guacdPort: joined?.guacd.port ?? null,
        connectionId: joined?.connectionId ?? null,
      });
      const { id } = await manager.save(row);
      await this.auditOpened(manager, id, session);
      return { id, joined };
    });
  }

  private async auditOpened(manager: EntityManager, id: string, session: NewSession): Promise<void> {
    const { instanceId: desktop, userId, readOnly } = session;
    const [owner] = await manager.query<{ owner_id: string; proposal_name: string }[]>(
      'SELECT owner_id, proposal_name FROM instance WHERE id = $1',
      [desktop],
    );
    const details = { session: id, desktop, proposal: owner?.proposal_name ?? null, readOnly };
    await writeAudit(manager, { kind: 'session-opened', actorId: userId, subjectId: owner?.owner_id ?? null, details });
  }

  private async found(manager: EntityManager, { instanceId, userId, readOnly }: NewSession): Promise<Found> {
    const rows = await manager.query<
      { guacd_host: string | null; guacd_port: number | null; connection_id: string | null; opening: boolean }[]
    >(
      `SELECT guacd_host, guacd_port, connection_id,
         connection_id IS NULL AND opened_at > now() - interval '${OPENING_SECONDS} seconds' AS opening
       FROM desktop_session WHERE instance_id = $1 AND user_id = $2 AND read_only = $3 AND ${LIVE_SESSION}
       ORDER BY opened_at DESC`,
      [instanceId, userId, readOnly],
    );
    for (const { guacd_host: host, guacd_port: port, connection_id: connectionId } of rows) {
      if (host !== null && port !== null && connectionId !== null)
        return { live: { guacd: { host, port }, connectionId } };
    }
    return rows.some((row) => row.opening) ? 'opening' : 'none';
  }

  /** False: unknown. */
  async opened(id: string, { guacd, connectionId }: SessionOpened): Promise<boolean> {
    const { affected } = await this.dataSource
      .getRepository(DesktopSessionEntity)
      .update({ id }, { guacdHost: guacd.host, guacdPort: guacd.port, connectionId });
    return affected === 1;
  }

  /** The row as it was before; null: unknown. Figures never go back. */
  async renewed(id: string, figures: RenewalRequest): Promise<DesktopSessionEntity | null> {
    const before = await this.dataSource.getRepository(DesktopSessionEntity).findOneBy({ id });
    if (!before || before.closedAt) return before;
    await this.dataSource.query(
      `UPDATE desktop_session SET renewed_at = now(), bytes_to_client = GREATEST(bytes_to_client, $2),
         bytes_from_client = GREATEST(bytes_from_client, $3), last_input_at = GREATEST(last_input_at, $4)
       WHERE id = $1 AND closed_at IS NULL`,
      [id, figures.bytesToClient, figures.bytesFromClient, figures.lastInputAt],
    );
    return before;
  }

  /**
   * The first reason stays. A connection that guacd does not know any more ends every session on it, or the next tab
   * would be sent to join it again (a bridge that was killed posts no `closed`). False: unknown.
   */
  async closed(id: string, { bytesToClient, bytesFromClient, lastInputAt, reason }: SessionClosed): Promise<boolean> {
    const [, count] = await this.dataSource.query<[unknown, number]>(
      `UPDATE desktop_session SET closed_at = COALESCE(closed_at, now()), close_reason = COALESCE(close_reason, $4),
         bytes_to_client = GREATEST(bytes_to_client, $2), bytes_from_client = GREATEST(bytes_from_client, $3),
         last_input_at = GREATEST(last_input_at, $5)
       WHERE id = $1`,
      [id, bytesToClient, bytesFromClient, reason, lastInputAt],
    );
    if (count === 1 && reason === 'CONNECTION_GONE') await this.endOthersOfConnection(id);
    return count === 1;
  }

  private async endOthersOfConnection(id: string): Promise<void> {
    await this.dataSource.query(
      `UPDATE desktop_session other SET closed_at = now(), close_reason = 'CONNECTION_GONE'
       FROM desktop_session gone
       WHERE gone.id = $1 AND other.closed_at IS NULL AND other.instance_id = gone.instance_id
         AND other.connection_id = gone.connection_id`,
      [id],
    );
  }

  async end(id: string, reason: string): Promise<void> {
    await this.dataSource.query(
      'UPDATE desktop_session SET closed_at = now(), close_reason = $2 WHERE id = $1 AND closed_at IS NULL',
      [id, reason],
    );
  }

  /** Open sessions of these bridges that hang on a login session or an instance. */
  async openOf(
    bridges: string[],
    by: { loginSid: string } | { instanceId: string } | { userId: string } | null,
  ): Promise<DesktopSessionEntity[]> {
    const query = this.dataSource
      .getRepository(DesktopSessionEntity)
      .createQueryBuilder('s')
      .where('s.closedAt IS NULL AND s.bridge IN (:...bridges)', { bridges });
    if (by && 'loginSid' in by) query.andWhere('s.loginSid = :loginSid', by);
    if (by && 'instanceId' in by) query.andWhere('s.instanceId = :instanceId', by);
    if (by && 'userId' in by) query.andWhere('s.userId = :userId', by);
    return query.getMany();
  }

  /** Ends sessions nobody renewed. @returns how many */
  async endSilent(): Promise<number> {
    const [, count] = await this.dataSource.query<[unknown, number]>(
      `UPDATE desktop_session SET closed_at = now(), close_reason = 'RENEWALS_MISSING'
       WHERE closed_at IS NULL AND renewed_at <= now() - interval '${SILENCE_SECONDS} seconds'`,
    );
    return count;
  }
}

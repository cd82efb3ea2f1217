import type { AuthorisationSource, AuthorisationView, EndedRole, Role } from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Audit } from '../audit/audit';
import { notifyAuthorisation } from './authorisation-channel';

export interface Grant {
  userId: string;
  role: Role;
  source: AuthorisationSource;
  /** Who decided; null: the portal itself. */
  actorId: string | null;
  /** Where nobody decided: a word for what did, `source` without it. */
  by?: string;
  reason: string;
  /** Of STAFF; null: all. */
  beamlines: string[] | null;
  /** Null: until it is taken back. */
  until: Date | null;
}

/** Which role of whom; each source has one of its own. */
export type GrantKey = Pick<Grant, 'userId' | 'role' | 'source'>;

interface Row extends Omit<AuthorisationView, 'since' | 'until'> {
  since: Date;
  until: Date | null;
  userId: string;
}

/** SQL: whether the authorisation `a` counts at this moment. */
export const VALID = '(a.expires_at IS NULL OR a.expires_at > now())';
const COLUMNS = `a.id, a.user_id AS "userId", a.role, a.source, g.name AS by, a.reason, a.granted_at AS since,
  a.expires_at AS until, a.beamlines`;

/** The authorisation database: the only one that gives roles and takes them back, each with its line in the audit. */
@Injectable()
export class Authorisations {
  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: Audit,
  ) {}

  /** In place of what the same source granted for the same role before. Open pages of the person hear of it. */
  async grant(manager: EntityManager, grant: Grant): Promise<void> {
    const { userId, role, source, actorId, by, reason, beamlines, until } = grant;
    await manager.query(
      `INSERT INTO authorisation (user_id, role, source, granted_by, reason, beamlines, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT (user_id, role, source) DO UPDATE SET granted_by = $4, reason = $5, beamlines = $6, expires_at = $7,
         granted_at = now(), taken_back_by = NULL, end_reason = NULL`,
      [userId, role, source, actorId ?? by ?? source, reason, beamlines, until],
    );
    const details = { role, source, ...(by ? { by } : {}), beamlines, until: until?.toISOString() ?? null };
    await this.audit.write(manager, { kind: 'role-granted', actorId, subjectId: userId, details });
    await notifyAuthorisation(manager, userId);
  }

  /** From now on it counts for nothing. False: it does not count as it is. @param reason the person reads it */
  async end(
    manager: EntityManager,
    { userId, role, source }: GrantKey,
    actorId: string | null,
    reason: string | null,
  ): Promise<boolean> {
    const [ended]: [unknown[], number] = await manager.query(
      `UPDATE authorisation a SET expires_at = now(), taken_back_by = $4, end_reason = $5
       WHERE user_id = $1 AND role = $2 AND source = $3 AND ${VALID} RETURNING id`,
      [userId, role, source, actorId, reason],
    );
    if (ended.length === 0) return false;
    const details = { role, source, reason };
    await this.audit.write(manager, { kind: 'role-ended', actorId, subjectId: userId, details });
    await notifyAuthorisation(manager, userId);
    return true;
  }

  /** Another end, and of STAFF other beamlines, for a role that counts. False: it does not. */
  async change(
    manager: EntityManager,
    { userId, role, source }: GrantKey,
    { actorId, reason, until, beamlines }: Pick<Grant, 'actorId' | 'reason' | 'until' | 'beamlines'>,
  ): Promise<boolean> {
    const [changed]: [unknown[], number] = await manager.query(
      `UPDATE authorisation a SET expires_at = $4, beamlines = $5
       WHERE user_id = $1 AND role = $2 AND source = $3 AND ${VALID} RETURNING id`,
      [userId, role, source, until, beamlines],
    );
    if (changed.length === 0) return false;
    const details = { role, source, beamlines, until: until?.toISOString() ?? null, reason };
    await this.audit.write(manager, { kind: 'role-changed', actorId, subjectId: userId, details });
    await notifyAuthorisation(manager, userId);
    return true;
  }

  /** Of these people, what counts at this moment. */
  async of(userIds: string[]): Promise<Map<string, AuthorisationView[]>> {
    const rows = await this.dataSource.query<Row[]>(
      `SELECT ${COLUMNS} FROM authorisation a LEFT JOIN user_account g ON g.id::text = a.granted_by
       WHERE a.user_id = ANY($1::uuid[]) AND ${VALID} ORDER BY a.role, a.source`,
      [userIds],
    );
    const found = new Map<string, AuthorisationView[]>(userIds.map((id) => [id, []]));
    for (const row of rows) found.get(row.userId)?.push(viewOf(row));
    return found;
  }

  /** The role that ended last, of somebody who has none that counts; null: there never was one. */
  async lastEnded(userId: string): Promise<EndedRole | null> {
    const [row] = await this.dataSource.query<(Omit<EndedRole, 'at'> & { at: Date })[]>(
      `SELECT a.role, a.expires_at AS at, t.name AS by, a.end_reason AS reason, a.taken_back_by IS NOT NULL AS "takenBack"
       FROM authorisation a LEFT JOIN user_account t ON t.id = a.taken_back_by
       WHERE a.user_id = $1 ORDER BY a.expires_at DESC NULLS FIRST LIMIT 1`,
      [userId],
    );
    return row && row.at !== null && row.at <= new Date() ? { ...row, at: row.at.toISOString() } : null;
  }

  /** For which beamlines somebody is STAFF at this moment. null: all of them; none: of no one. */
  async beamlinesOf(userId: string): Promise<string[] | null> {
    const rows = await this.dataSource.query<{ beamlines: string[] | null }[]>(
      `SELECT beamlines FROM authorisation a WHERE user_id = $1 AND role = 'STAFF' AND ${VALID}`,
      [userId],
    );
    return rows.some(({ beamlines }) => beamlines === null) ? null : rows.flatMap(({ beamlines }) => beamlines ?? []);
  }
}

function viewOf({ id, role, source, by, reason, since, until, beamlines }: Row): AuthorisationView {
  return {
    ...{ id, role, source, by, reason, beamlines },
    since: since.toISOString(),
    until: until?.toISOString() ?? null,
  };
}

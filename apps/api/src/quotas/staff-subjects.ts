import type { QuotasQuery } from '@beamdesk/contracts';
import type { Subject, SubjectKind } from '@beamdesk/quota';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Person } from '../auth/person';
import { DeciderSight, SEEN, sightValues } from '../authorisation/decider-sight';

const LIVE = `i.state <> 'DELETED'`;
const OVERRIDDEN = (kind: SubjectKind, id: string) => `EXISTS (SELECT FROM quota_override o
  WHERE o.subject_kind = '${kind}' AND o.subject_id = ${id} AND o.ended_at IS NULL
    AND (o.ends_at IS NULL OR o.ends_at > clock_timestamp()))`;

/** Of a proposal `s.id`: measured at one of the beamlines `$1`, or with a desktop that counts for one. */
const PROPOSAL_SEEN = `($1::text[] IS NULL
  OR EXISTS (SELECT FROM instance i WHERE i.proposal_key = s.id AND ${LIVE} AND i.beamline_id = ANY($1))
  OR EXISTS (SELECT FROM copied_proposal p CROSS JOIN LATERAL jsonb_array_elements(p.visits) v
    WHERE p.key = s.id AND v -> 'beamline' ->> 'id' = ANY($1)))`;

/**
 * Of each kind: ids with a name to sort and search by, as far as `$1` (beamlines) and `$2` (self) see them. `$3`: what is looked
 * for; `$4`: only this one, or null. Proposals are as many as the catalogues have: without a word only those that hold
 * something or have limits of their own.
 */
const FOUND: Record<SubjectKind, string> = {
  user: `SELECT u.id::text AS id, u.name, EXISTS (SELECT FROM instance i WHERE i.owner_id = u.id AND ${LIVE})
      OR ${OVERRIDDEN('user', 'u.id::text')} AS first
    FROM user_account u WHERE ${SEEN} AND ($4::text IS NULL OR u.id::text = $4)
      AND strpos(lower(concat_ws(' ', u.name, u.email)), lower($3)) > 0`,
  proposal: `SELECT s.id, max(s.name) AS name, bool_or(s.first) AS first FROM (
      SELECT i.proposal_key AS id, i.proposal_name AS name, true AS first FROM instance i WHERE ${LIVE}
      UNION ALL SELECT o.subject_id, (SELECT p.name FROM copied_proposal p WHERE p.key = o.subject_id LIMIT 1), true
        FROM quota_override o WHERE o.subject_kind = 'proposal'
      UNION ALL SELECT p.key, p.name, false FROM copied_proposal p
        WHERE ($4::text IS NOT NULL AND p.key = $4) OR ($4::text IS NULL AND $3 <> '' AND strpos(lower(p.name), lower($3)) > 0)
    ) s WHERE ($4::text IS NULL OR s.id = $4) AND strpos(lower(concat_ws(' ', s.name, s.id)), lower($3)) > 0
      AND ${PROPOSAL_SEEN} AND $2::text IS NOT NULL GROUP BY s.id`,
  beamline: `SELECT b.id, b.name, false AS first FROM beamline b WHERE b.active
      AND ($1::text[] IS NULL OR b.id = ANY($1)) AND $2::text IS NOT NULL AND ($4::text IS NULL OR b.id = $4)
      AND strpos(lower(concat_ws(' ', b.name, b.id, b.technique)), lower($3)) > 0`,
  site: `SELECT 'site' AS id, 'Whole site' AS name, false AS first WHERE $1::text[] IS NULL AND $2::text IS NOT NULL
      AND $3::text IS NOT NULL AND ($4::text IS NULL OR $4 = 'site')`,
};

/** Which subjects somebody sees who decides: staff what concerns their beamlines, administrators all. */
@Injectable()
export class StaffSubjects {
  constructor(
    private readonly dataSource: DataSource,
    private readonly sight: DeciderSight,
  ) {}

  /** Those that hold something or have limits of their own first, then by name. */
  async page(person: Person, query: QuotasQuery): Promise<{ items: Subject[]; total: number }> {
    const { kind, q, offset, limit } = query;
    const rows = await this.dataSource.query<{ id: string; total: number }[]>(
      `SELECT id, count(*) OVER ()::int AS total FROM (${FOUND[kind]}) f
       ORDER BY first DESC, lower(name), id OFFSET $5 LIMIT $6`,
      [...sightValues(await this.sight.of(person)), q, null, offset, limit],
    );
    return { items: rows.map(({ id }) => ({ kind, id })), total: rows[0]?.total ?? 0 };
  }

  /** Null of an unknown one as of one that is not theirs to see. */
  async find(person: Person, { kind, id }: Subject): Promise<Subject | null> {
    const values = [...sightValues(await this.sight.of(person)), '', id];
    const [row] = await this.dataSource.query<{ id: string }[]>(`SELECT id FROM (${FOUND[kind]}) f LIMIT 1`, values);
    return row ? { kind, id: row.id } : null;
  }

  /** Null: desktops of all beamlines. */
  async beamlines(person: Person): Promise<string[] | null> {
    return (await this.sight.of(person)).beamlines;
  }
}

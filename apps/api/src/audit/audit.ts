import type { AuditEntryView, AuditExportQuery, AuditPage, AuditPerson, AuditQuery } from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { type AuditEntry, writeAudit } from './write-audit';

export type { AuditEntry };

type Filters = Partial<Omit<AuditExportQuery, 'format'>>;
type PageQuery = Pick<AuditQuery, 'before' | 'limit'> & Filters & { about?: string | undefined };
type ReadQuery = Filters & { before: string | undefined; limit: number; about?: string | undefined };

/** Entries of a file that are read at once. */
const BATCH = 500;

type Row = Omit<AuditEntryView, 'at'> & { at: Date };

const person = (id: string, name: string) =>
  `CASE WHEN ${id} IS NOT NULL THEN json_build_object('id', ${id}, 'name', ${name}) END`;

/** The only one that writes and reads the audit; nothing changes it. */
@Injectable()
export class Audit {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * In the transaction of what it tells, so that neither is there without the other.
   * @throws Error outside of a transaction
   */
  write(manager: EntityManager, entry: AuditEntry): Promise<void> {
    return writeAudit(manager, entry);
  }

  /** Newest first. `about`: only of whom it is about, not what they did themselves to others. */
  async page({ before, limit, about, ...filters }: PageQuery): Promise<AuditPage> {
    const items = await this.read({ before, limit: limit + 1, about, ...filters });
    const shown = items.slice(0, limit);
    return { items: shown, next: items.length > limit ? (shown.at(-1)?.id ?? null) : null };
  }

  /** All that is picked out, newest first, read bit by bit as it is taken. */
  async *all(filters: Filters): AsyncGenerator<AuditEntryView> {
    for (let before: string | undefined; ;) {
      const entries = await this.read({ ...filters, before, limit: BATCH });
      yield* entries;
      before = entries.at(-1)?.id;
      if (entries.length < BATCH) return;
    }
  }

  private async read({
    before,
    limit,
    kind,
    person: who,
    about,
    from,
    to,
    q = '',
  }: ReadQuery): Promise<AuditEntryView[]> {
    const rows = await this.dataSource.query<Row[]>(
      `SELECT e.id::text AS id, e.at, e.kind, e.details,
         ${person('e.actor_id', 'a.name')} AS actor, ${person('e.subject_id', 's.name')} AS subject
       FROM audit_entry e LEFT JOIN user_account a ON a.id = e.actor_id LEFT JOIN user_account s ON s.id = e.subject_id
       WHERE ($1::bigint IS NULL OR e.id < $1) AND ($2::text IS NULL OR e.kind = $2)
         AND ($3::uuid IS NULL OR e.actor_id = $3 OR e.subject_id = $3)
         AND ($5::uuid IS NULL OR e.subject_id = $5)
         AND ($6::timestamptz IS NULL OR e.at >= $6) AND ($7::timestamptz IS NULL OR e.at < $7)
         AND ($8 = '' OR strpos(lower(concat_ws(' ', e.kind, a.name, s.name, e.details::text)), lower($8)) > 0)
       ORDER BY e.id DESC LIMIT $4`,
      [before ?? null, kind ?? null, who ?? null, limit, about ?? null, from ?? null, to ?? null, q.trim()],
    );
    return rows.map(viewOf);
  }
}

function viewOf({ id, at, kind, actor, subject, details }: Row): AuditEntryView {
  return { id, at: at.toISOString(), kind, actor: known(actor), subject: known(subject), details };
}

const known = (who: AuditPerson | null): AuditPerson | null => who && { id: who.id, name: who.name };

import type { AuditEntryView, AuditPage, AuditPerson, AuditQuery } from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { type AuditEntry, writeAudit } from './write-audit';

export type { AuditEntry };

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
  async page({ before, limit, kind, person: who, about }: AuditQuery & { about?: string }): Promise<AuditPage> {
    const rows = await this.dataSource.query<Row[]>(
      `SELECT e.id::text AS id, e.at, e.kind, e.details,
         ${person('e.actor_id', 'a.name')} AS actor, ${person('e.subject_id', 's.name')} AS subject
       FROM audit_entry e LEFT JOIN user_account a ON a.id = e.actor_id LEFT JOIN user_account s ON s.id = e.subject_id
       WHERE ($1::bigint IS NULL OR e.id < $1) AND ($2::text IS NULL OR e.kind = $2)
         AND ($3::uuid IS NULL OR e.actor_id = $3 OR e.subject_id = $3)
         AND ($5::uuid IS NULL OR e.subject_id = $5)
       ORDER BY e.id DESC LIMIT $4`,
      [before ?? null, kind ?? null, who ?? null, limit + 1, about ?? null],
    );
    const items = rows.slice(0, limit).map(viewOf);
    return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
  }
}

function viewOf({ id, at, kind, actor, subject, details }: Row): AuditEntryView {
  return { id, at: at.toISOString(), kind, actor: known(actor), subject: known(subject), details };
}

const known = (who: AuditPerson | null): AuditPerson | null => who && { id: who.id, name: who.name };

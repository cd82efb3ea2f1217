import type { AuditKind } from '@beamdesk/contracts';
import type { EntityManager } from 'typeorm';
import { type AuditDetail, AuditEntryEntity } from './audit-entry.entity';

export interface AuditEntry {
  kind: AuditKind;
  /** Who did it; null: the portal itself. */
  actorId: string | null;
  /** Whom it is about. */
  subjectId: string | null;
  /** Never a secret, a token or a mail. */
  details?: Record<string, AuditDetail>;
}

/**
 * In the transaction of what it tells, so that neither is there without the other.
 * @throws Error outside of a transaction
 */
export async function writeAudit(manager: EntityManager, entry: AuditEntry): Promise<void> {
  if (!manager.queryRunner?.isTransactionActive) throw new Error(`audit of ${entry.kind} outside of a transaction`);
  await manager.insert(AuditEntryEntity, { ...entry, details: entry.details ?? {} });
}

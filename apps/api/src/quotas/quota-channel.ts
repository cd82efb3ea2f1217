import { type Subject, SUBJECT_KINDS } from '@beamdesk/quota';
import type { EntityManager } from 'typeorm';

/** `NOTIFY` channel of limits that changed; the payload is kind and id of the subject as JSON. */
export const QUOTA_CHANNEL = 'beamdesk_quota';

/** Heard when the transaction commits. */
export async function notifyQuota(manager: EntityManager, { kind, id }: Subject): Promise<void> {
  await manager.query('SELECT pg_notify($1, $2)', [QUOTA_CHANNEL, JSON.stringify({ kind, id })]);
}

/** Null: not one of ours. */
export function readQuotaChange(payload: string): Subject | null {
  try {
    const { kind, id } = JSON.parse(payload) as Partial<Subject>;
    const known = SUBJECT_KINDS.find((one) => one === kind);
    return known && typeof id === 'string' ? { kind: known, id } : null;
  } catch {
    return null;
  }
}

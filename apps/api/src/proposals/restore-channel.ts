import type { DataSource } from 'typeorm';

/** `NOTIFY` channel of restores whose state changed; the payload is a `RestoreChange` as JSON. */
export const RESTORE_CHANNEL = 'beamdesk_restore';

/** Names a row of `followed_restore`: payloads have to be short, and a restore may be of a hundred datasets. */
export interface RestoreChange {
  userId: string;
  proposalKey: string;
  requestId: string;
}

export async function notifyRestore(db: Pick<DataSource, 'query'>, change: RestoreChange): Promise<void> {
  const { userId, proposalKey, requestId } = change;
  // PostgreSQL takes 8000 bytes; ids of a hundred datasets are the longest part.
  const payload = JSON.stringify({ userId, proposalKey, requestId });
  if (Buffer.byteLength(payload) < 7900) await db.query('SELECT pg_notify($1, $2)', [RESTORE_CHANNEL, payload]);
}

/** Null: not one of ours. */
export function readRestoreChange(payload: string): RestoreChange | null {
  try {
    const { userId, proposalKey, requestId } = JSON.parse(payload) as Partial<RestoreChange>;
    return userId && proposalKey && requestId ? { userId, proposalKey, requestId } : null;
  } catch {
    return null;
  }
}

import { SITE_SUBJECT, type Subject, SUBJECT_KINDS } from '@beamdesk/quota';
import type { EntityManager } from 'typeorm';

/** First number of the advisory locks of each kind; the second is made of the subject's id. The site's come last. */
const LOCK_BASE = 7_207_100;

/** Whose limits a desktop has to keep. */
export interface Counted {
  ownerId: string;
  proposalKey: string;
  beamlineId: string | null;
}

/** In the order in which they are locked. */
export function subjectsOf({ ownerId, proposalKey, beamlineId }: Counted): Subject[] {
  return [
    { kind: 'user', id: ownerId },
    { kind: 'proposal', id: proposalKey },
    ...(beamlineId === null ? [] : [{ kind: 'beamline', id: beamlineId } as const]),
    SITE_SUBJECT,
  ];
}

/**
 * Everybody who decides for one of these subjects waits here until the transaction ends. Always people first, then proposals,
 * beamlines, the site, and within a kind by what is locked, so that two can't wait for each other. Two ids with the same hash
 * share a lock, which is only slower. People's rows are locked with `NO KEY`, so that sign-ins go on.
 */
export async function lockSubjects(manager: EntityManager, subjects: readonly Subject[]): Promise<void> {
  const people = subjects.filter(({ kind }) => kind === 'user').map(({ id }) => id);
  if (people.length > 0) {
    await manager.query('SELECT FROM user_account WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE', [people]);
  }
  const shared = subjects.filter(({ kind }) => kind !== 'user');
  if (shared.length === 0) return;
  await manager.query(
    `SELECT pg_advisory_xact_lock(k.base, k.hash) FROM
      (SELECT DISTINCT base, hashtext(id) AS hash FROM unnest($1::int[], $2::text[]) AS s(base, id) ORDER BY 1, 2) k`,
    [shared.map(({ kind }) => LOCK_BASE + SUBJECT_KINDS.indexOf(kind)), shared.map(({ id }) => id)],
  );
}

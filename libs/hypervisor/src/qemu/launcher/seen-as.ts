import { fstatSync } from 'node:fs';
import { RunAs } from '../../machine';
import { SeenAs } from './confined';
import { OpenShare } from './shares';

/** The generic user of every guest, and its group (images/README.md). */
const GUEST_ID = 1000;

/**
 * A share shows the ids of the host, and the guest's kernel compares them with those of its own user, who is never anybody on the host. So whoever
 * reads for a person takes the person for that user, and the group of the person's data for that user's group: what the person may read, the
 * guest's user may. Null where no person is read for.
 */
export function seenAs(asked: unknown, runAs: RunAs | null, shares: Pick<OpenShare, 'descriptor' | 'readOnly'>[]): SeenAs | null {
  if (asked === null || runAs === null) return null;
  const own = new Set([runAs.gid, ...runAs.groups]);
  const groups = shares.filter(({ readOnly }) => readOnly).map(({ descriptor }) => fstatSync(descriptor).gid);
  return { uid: GUEST_ID, gid: GUEST_ID, group: groups.find((gid) => own.has(gid)) ?? runAs.gid };
}

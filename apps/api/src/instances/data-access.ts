import type { NamedRunAs, NfsMount, Personalisation, RunAs, Share } from '@beamdesk/hypervisor';

/**
 * What the machine shall see and whose it is, decided by the site's path rules at the click: the reconciler needs no
 * catalogue, so that a catalogue that is down stops no launch half-way.
 */
export interface DataAccess {
  shares: Share[];
  /** Absent in rows from before there were any. */
  nfs?: NfsMount[];
  mounts: Personalisation['mounts'];
  /** By name: asked of the host that runs it, at every start. Null = the rights of the hypervisor's own process. */
  runAs: RunAs | NamedRunAs | null;
  personName: string;
  /** IANA name, set in the guest. */
  timeZone: string;
}

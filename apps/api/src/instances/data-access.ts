import type { Personalisation, RunAs, Share } from '@beamdesk/hypervisor';

/**
 * What the machine shall see and whose it is, decided by the site's path rules at the click: the reconciler needs no
 * catalogue, so that a catalogue that is down stops no launch half-way.
 */
export interface DataAccess {
  shares: Share[];
  mounts: Personalisation['mounts'];
  /** Null = the rights of the hypervisor's own process. */
  runAs: RunAs | null;
  personName: string;
  /** IANA name, set in the guest. */
  timeZone: string;
}

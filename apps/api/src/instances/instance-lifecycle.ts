import type { InstanceState, WantedState } from '@beamdesk/contracts';
import { NOTHING, type Resources } from '@beamdesk/quota';

/**
 * The one transition table: from each state the states an instance may move to. The click's transaction writes REQUESTED;
 * every other move is the reconciler's alone, by compare-and-set (`InstancesRepository.move`).
 */
export const LIFECYCLE: Readonly<Record<InstanceState, readonly InstanceState[]>> = {
  /** Quota is granted; nothing exists at the hypervisor yet, except a kept disk. It waits for a host, or for its host. */
  REQUESTED: ['BUILDING', 'STOPPED', 'FAILED', 'DELETING'],
  /** Claimed: port reserved and console secret stored, `create` may have been called any number of times. */
  BUILDING: ['STARTING', 'STOPPING', 'FAILED', 'DELETING'],
  /** The machine is on; its session is not (or no longer) confirmed on the screen. */
  STARTING: ['READY', 'STOPPING', 'FAILED', 'DELETING'],
  /** A person may connect and sees a session. */
  READY: ['STARTING', 'STOPPING', 'FAILED', 'DELETING'],
  /** Going off with its disk kept; only for plans that keep it. */
  STOPPING: ['STOPPED', 'FAILED', 'DELETING'],
  /** Off; at most the disk is held. */
  STOPPED: ['REQUESTED', 'DELETING'],
  /** Confirmed not running; at most a kept disk is held. */
  FAILED: ['REQUESTED', 'DELETING'],
  /** Machine and disk are being removed; retried until confirmed. */
  DELETING: ['DELETED'],
  /** Nothing is held; the row remains as a record. */
  DELETED: [],
};

export const INSTANCE_STATES = Object.keys(LIFECYCLE) as InstanceState[];

export function mayMove(from: InstanceState, to: InstanceState): boolean {
  return LIFECYCLE[from].includes(to);
}

/** A move outside the table: a mistake in the program, never a matter of timing. */
export class ForbiddenMove extends Error {
  constructor(from: InstanceState, to: InstanceState) {
    super(`an instance never moves from ${from} to ${to}`);
    this.name = 'ForbiddenMove';
  }
}

/** Where the reconciler has nothing to do as long as nobody wants otherwise. */
export function isAtRest(state: InstanceState, wanted: WantedState): boolean {
  if (state === 'DELETED') return true;
  return (state === 'STOPPED' || state === 'FAILED') && wanted !== 'DELETED';
}

/** What "stop" means (Stop button, expiry, the guest's own power-off, a lost membership): without a kept disk nothing remains. */
export function wantedWhenStopped({ state, plan, allocStorageMib }: Stoppable): WantedState {
  // One that failed before it had a disk has none to keep.
  if (state === 'FAILED' && allocStorageMib === 0) return 'DELETED';
  return plan.keepsDisk ? 'STOPPED' : 'DELETED';
}

interface Stoppable {
  state: InstanceState;
  plan: { keepsDisk: boolean };
  allocStorageMib: number;
}

/**
 * What an instance holds once it is in `to`, written in the transaction of the move. Undefined: unchanged (until DELETED is
 * confirmed, whatever was held may still exist).
 */
export function allocationIn(to: InstanceState, needs: Resources, diskKept: boolean): Resources | undefined {
  switch (to) {
    case 'REQUESTED':
      return { ...NOTHING, ...needs };
    case 'STOPPED':
    case 'FAILED':
      return diskKept ? { ...NOTHING, storageMib: needs.storageMib } : { ...NOTHING };
    case 'DELETED':
      return { ...NOTHING };
    default:
      return undefined;
  }
}

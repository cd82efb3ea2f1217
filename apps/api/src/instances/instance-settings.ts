import type { Config } from '../config';
import { type CallLimits, DEFAULT_CALL_LIMITS } from './reconciler/bounded-hypervisor';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Times and bounds of the worker, milliseconds throughout; one object, so that tests turn hours into moments. */
export abstract class InstanceSettings {
  /** How often the worker looks at every instance even if nothing hinted at a change. */
  abstract readonly tickMs: number;
  /** From BUILDING to an accepted machine. */
  abstract readonly buildLimitMs: number;
  /** From a machine that is on to a session on its screen; minutes, because an emulated guest boots slowly. */
  abstract readonly startLimitMs: number;
  /** How long a guest that was asked to power off may take before its power is cut. */
  abstract readonly stopLimitMs: number;
  /** How long one try to tell the guest whose it is may take; a boot script has the hypervisor's own time beside. */
  abstract readonly personaliseMs: number;
  /** After the worker starts, agents get this long to report again before a session counts as lost. */
  abstract readonly settleMs: number;
  /** An unchanged observation is written again after this long. */
  abstract readonly observationMs: number;
  abstract readonly capacityMs: number;
  /** How often the host's templates are compared with the offer and written down. */
  abstract readonly templatesMs: number;
  /** How often what home folders hold is written down. */
  abstract readonly homesMs: number;
  /** How often the host's graphics cards are looked at. */
  abstract readonly gpusMs: number;
  abstract readonly membershipMs: number;
  /** A desktop whose owner lost the membership stops after this long. */
  abstract readonly membershipGraceMs: number;
  abstract readonly orphanSweepMs: number;
  /** A machine of ours that no row explains is destroyed after this long at the earliest. */
  abstract readonly orphanGraceMs: number;
  /** More such machines than this look like a lost database: then none is destroyed without an admin. */
  abstract readonly orphanMax: number;
  /** A host whose worker has not spoken for this long gets no launches. */
  abstract readonly hostSilentMs: number;
  /** How long an answer of the hypervisor is waited for. */
  abstract readonly calls: CallLimits;
}

export const DEFAULT_INSTANCE_SETTINGS: InstanceSettings = {
  tickMs: SECOND,
  buildLimitMs: 3 * MINUTE,
  startLimitMs: 10 * MINUTE,
  stopLimitMs: 2 * MINUTE,
  personaliseMs: 15 * SECOND,
  settleMs: 10 * SECOND,
  observationMs: 5 * SECOND,
  capacityMs: 5 * SECOND,
  templatesMs: 2 * SECOND,
  homesMs: 10 * SECOND,
  gpusMs: 10 * SECOND,
  membershipMs: 3 * MINUTE,
  membershipGraceMs: 10 * MINUTE,
  orphanSweepMs: 15 * SECOND,
  orphanGraceMs: 24 * 60 * MINUTE,
  orphanMax: 3,
  hostSilentMs: MINUTE,
  calls: DEFAULT_CALL_LIMITS,
};

/** As above, with what a site may set. */
export function instanceSettings({ membershipChecks }: Pick<Config, 'membershipChecks'>): InstanceSettings {
  const { everyMs, graceMs } = membershipChecks;
  return { ...DEFAULT_INSTANCE_SETTINGS, membershipMs: everyMs, membershipGraceMs: graceMs };
}

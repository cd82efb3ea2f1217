import { assertResources, RESOURCE_NAMES, ResourceName, Resources } from './resources';
import { availableOf } from './usage';

export interface Shortfall {
  resource: ResourceName;
  requested: number;
  available: number;
  /** requested − available: what has to be given back first. */
  missing: number;
}

export type AllocationDecision = { granted: true; allocation: Resources } | { granted: false; shortfalls: Shortfall[] };

/**
 * Grants `requested` when used + requested ≤ limit holds for every resource; otherwise names each one that is short.
 * Pure: the caller holds the lock on the subject while it reads `usage` and writes the allocation.
 */
export function decideAllocation(limits: Resources, usage: Resources, requested: Resources): AllocationDecision {
  [limits, usage, requested].forEach(assertResources);
  const available = availableOf(limits, usage);
  const shortfalls = RESOURCE_NAMES.filter(
    // A resource that is not asked for can't refuse, even when a lowered limit leaves it overdrawn.
    (name) => requested[name] > 0 && usage[name] + requested[name] > limits[name],
  ).map((resource) => ({
    resource,
    requested: requested[resource],
    available: available[resource],
    missing: requested[resource] - available[resource],
  }));
  return shortfalls.length === 0 ? { granted: true, allocation: { ...requested } } : { granted: false, shortfalls };
}

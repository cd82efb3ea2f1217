import { AMOUNT_NAMES, AmountName, Amounts, Limits } from './amounts';
import { availableOf } from './usage';

export interface Shortfall {
  resource: AmountName;
  requested: number;
  available: number;
  /** requested − available: what has to be given back first. */
  missing: number;
}

export type AllocationDecision = { granted: true; allocation: Amounts } | { granted: false; shortfalls: Shortfall[] };

/**
 * Grants `requested` to one subject when used + requested ≤ limit holds for every amount that is limited; otherwise names each
 * one that is short. Pure: the caller holds the lock on the subject while it reads `usage` and writes the allocation.
 */
export function decideAllocation(limits: Limits, usage: Amounts, requested: Amounts): AllocationDecision {
  assertAmounts(usage);
  assertAmounts(requested);
  const available = availableOf(limits, usage);
  const shortfalls = AMOUNT_NAMES.flatMap((resource) => {
    const [limit, left] = [limits[resource], available[resource]];
    // What is not asked for can't refuse, even when a lowered limit leaves it overdrawn.
    if (limit === null || left === null || requested[resource] === 0) return [];
    assertAmount(resource, limit);
    if (usage[resource] + requested[resource] <= limit) return [];
    return [{ resource, requested: requested[resource], available: left, missing: requested[resource] - left }];
  });
  return shortfalls.length === 0 ? { granted: true, allocation: { ...requested } } : { granted: false, shortfalls };
}

function assertAmounts(amounts: Amounts): void {
  for (const name of AMOUNT_NAMES) assertAmount(name, amounts[name]);
}

/** Quota never counts in fractions. @throws RangeError */
function assertAmount(name: AmountName, value: number): void {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`${name} must be a non-negative integer, is ${value}`);
  }
}

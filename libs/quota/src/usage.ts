import { Amounts, Limits, mapAmounts } from './amounts';
import { mapResources, NOTHING, Resources } from './resources';

/** What is held: the sum of live allocations. */
export function sumAllocations(allocations: Iterable<Resources>): Resources {
  let sum: Resources = { ...NOTHING };
  for (const one of allocations) {
    const before = sum;
    sum = mapResources((name) => before[name] + one[name]);
  }
  return sum;
}

/** limits − usage, never below 0 (a lowered limit may lie under what is held); null: no limit. */
export function availableOf(limits: Limits, usage: Amounts): Limits {
  return mapAmounts((name) => {
    const limit = limits[name];
    return limit === null ? null : Math.max(0, limit - usage[name]);
  });
}

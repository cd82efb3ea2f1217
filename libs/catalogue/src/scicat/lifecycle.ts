import { Availability } from '../proposal';

/** The fields of `datasetlifecycle` a rule looks at, and what they mean; sites use them differently. */
export interface LifecycleRule {
  when: Record<string, string | boolean>;
  is: Availability;
}

/** retrievable: there is a copy in the archive that may be brought back. */
export const LIFECYCLE_RULES: LifecycleRule[] = [
  { when: { isOnCentralDisk: true }, is: 'online' },
  { when: { retrievable: true, isOnCentralDisk: false }, is: 'archived' },
];

/** The first rule all of whose fields fit; none: not known. */
export function availabilityOf(lifecycle: Record<string, unknown>, rules: readonly LifecycleRule[]): Availability {
  const found = rules.find(({ when }) => Object.entries(when).every(([field, value]) => lifecycle[field] === value));
  return found?.is ?? 'unknown';
}

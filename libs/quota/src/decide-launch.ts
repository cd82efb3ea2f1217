import { Amounts, Limits } from './amounts';
import { decideAllocation, Shortfall } from './decide-allocation';
import { Subject } from './subject';

/** How a subject stands at the moment of a decision. */
export interface Standing extends Subject {
  limits: Limits;
  /** Without what the launch itself holds already; minutes with those that what lives may still use. */
  usage: Amounts;
}

export interface SubjectShortfall<T extends Standing = Standing> extends Shortfall {
  subject: T;
}

export type LaunchDecision<T extends Standing> =
  { granted: true; allocation: Amounts } | { granted: false; shortfalls: SubjectShortfall<T>[] };

/**
 * Grants a launch when every subject it counts for has room for all of it; otherwise names each limit that stands in the way, in
 * the order of the subjects. Pure: the caller holds the locks on all of them.
 */
export function decideLaunch<T extends Standing>(standings: readonly T[], requested: Amounts): LaunchDecision<T> {
  const shortfalls = standings.flatMap((subject) => {
    const decision = decideAllocation(subject.limits, subject.usage, requested);
    return decision.granted ? [] : decision.shortfalls.map((shortfall) => ({ ...shortfall, subject }));
  });
  return shortfalls.length === 0 ? { granted: true, allocation: { ...requested } } : { granted: false, shortfalls };
}

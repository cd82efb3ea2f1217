import { USAGE_STEP_MS, type UsageStep } from '@beamdesk/contracts';

/** 1970 began on a Thursday; weeks begin on Monday. */
const MONDAY_MS = 4 * USAGE_STEP_MS.day;

/** Equal steps that cover a time, the first and the last of them perhaps in part. Milliseconds since 1970, UTC. */
export interface Steps {
  from: number;
  to: number;
  /** When the step begins that `from` is in. */
  base: number;
  width: number;
  count: number;
}

export function stepsOf(from: number, to: number, step: UsageStep): Steps {
  const width = USAGE_STEP_MS[step];
  const anchor = step === 'week' ? MONDAY_MS : 0;
  const base = Math.floor((from - anchor) / width) * width + anchor;
  return { from, to, base, width, count: Math.max(1, Math.ceil((to - base) / width)) };
}

/** When each begins; the first not before what was asked for. */
export function beginningsOf({ from, base, width, count }: Steps): string[] {
  return Array.from({ length: count }, (_, n) => new Date(Math.max(from, base + n * width)).toISOString());
}

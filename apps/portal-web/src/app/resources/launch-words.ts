import type { LaunchView } from '@beamdesk/contracts';

/** Beyond this many times the expectation, and at least so many seconds more, a launch counts as far too long. */
const OVERDUE_TIMES = 3;
const OVERDUE_SECONDS = 5;
/** The same for a launch nobody can compare with an earlier one. */
const OVERDUE_UNKNOWN_SECONDS = 120;
/** A launch expected within this many seconds is told without counting them. */
const INSTANT_SECONDS = 2.5;

/** A time to expect, no more exact than it is meant: "about 1 s", "about 20 s", "about 2 min". */
export function about(seconds: number): string {
  if (seconds >= 90) return `about ${Math.round(seconds / 60)} min`;
  const step = seconds < 10 ? 1 : 5;
  return `about ${Math.max(1, Math.round(seconds / step) * step)} s`;
}

/** What a click would do: "Ready in about 1 s", "Boots from scratch: about 20 s. Its prepared copy is being built." */
export function launchOffer({ path, reason, expectedSeconds }: LaunchView): string {
  if (path === 'clone') return expectedSeconds === null ? 'Ready in a moment' : `Ready in ${about(expectedSeconds)}`;
  return [`Boots from scratch${expectedSeconds === null ? '' : `: ${about(expectedSeconds)}`}`, reason && sentence(reason)]
    .filter(Boolean)
    .join('. ');
}

/** What opening a stopped desktop does. A kept disk always boots, so the time of a copy says nothing about it. */
export function keptDiskOffer(launch: LaunchView | null): string {
  const seconds = launch?.path === 'cold' ? launch.expectedSeconds : null;
  return `Boots its kept disk${seconds === null ? '' : `: ${about(seconds)}`}`;
}

/** A launch takes far longer than it should. `elapsed` in seconds since the click. */
export function isOverdue(launch: LaunchView | null, elapsed: number): boolean {
  const expected = launch?.expectedSeconds;
  if (expected === null || expected === undefined) return elapsed > OVERDUE_UNKNOWN_SECONDS;
  return elapsed > Math.max(OVERDUE_TIMES * expected, expected + OVERDUE_SECONDS);
}

/**
 * A launch under way against what was expected: "12 s of about 20 s", "24 s, usually about 20 s"; the bare expectation
 * while counting would only flicker. `elapsed` in seconds since the click.
 */
export function launchPace(launch: LaunchView | null, elapsed: number): string {
  const expected = launch?.expectedSeconds ?? null;
  const seconds = Math.max(0, Math.floor(elapsed));
  const passed = seconds < 120 ? `${seconds} s` : `${Math.floor(seconds / 60)} min`;
  if (launch && expected !== null && expected <= INSTANT_SECONDS && seconds <= INSTANT_SECONDS) return launchOffer(launch);
  if (isOverdue(launch, elapsed)) {
    return `${passed}, much longer than usual${expected === null ? '' : ` (${about(expected)})`}. You may wait, or stop it and try again.`;
  }
  if (expected === null) return passed;
  return elapsed > expected + 1 ? `${passed}, usually ${about(expected)}` : `${passed} of ${about(expected)}`;
}

/** Why it boots although a copy would be quicker, as a sentence; undefined where there is nothing to explain. */
export function coldReason(launch: LaunchView | null): string | undefined {
  return launch?.path === 'cold' && launch.reason ? sentence(launch.reason) : undefined;
}

/** 0 to 100 of the expectation, never quite there before it is; undefined where nothing can be compared. */
export function launchShare(launch: LaunchView | null, elapsed: number): number | undefined {
  const expected = launch?.expectedSeconds;
  if (!expected || isOverdue(launch, elapsed)) return undefined;
  return Math.min(95, Math.max(0, (100 * elapsed) / expected));
}

function sentence(text: string): string {
  return /[.!?]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`;
}

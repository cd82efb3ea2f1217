const FIRST_MS = 500;
const LONGEST_MS = 10_000;

/** Milliseconds before attempt number `failures` + 1: doubling up to 10 s, spread so that tabs do not come together. */
export function reconnectDelay(failures: number, random: () => number = Math.random): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** failures);
  return Math.round(full * (0.5 + random() / 2));
}

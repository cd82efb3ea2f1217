import type { Rgb, Screen } from './screen';
import { until } from './installation.ts';

/** Where the tiny guest shows whose it is; see images/README.md. */
const CELL = { width: 9, height: 16 };
const FIRST = { column: 8, row: 11 };
const DIGITS = 32;
/** What two bits look like, in order of their value; the console's own colours. */
const COLOURS: readonly Rgb[] = [
  [170, 0, 0],
  [0, 170, 0],
  [0, 0, 170],
  [170, 170, 170],
];
const NEAR = 24;

/** Middles of the cells, from left to right. */
export const CELL_POINTS = Array.from({ length: 2 * DIGITS }, (_, index): [number, number] => [
  (FIRST.column + index) * CELL.width + 4,
  FIRST.row * CELL.height + 8,
]);

/** The hexadecimal digits that a row of cells shows; null where it shows none, or not all yet. */
export function wordOf(colours: readonly Rgb[]): string | null {
  const values = colours.map((seen) =>
    COLOURS.findIndex((known) => known.every((part, index) => Math.abs(part - (seen[index] ?? 0)) <= NEAR)),
  );
  if (values.length !== 2 * DIGITS || values.includes(-1)) return null;
  return Array.from({ length: DIGITS }, (_, digit) =>
    (4 * (values[2 * digit] ?? 0) + (values[2 * digit + 1] ?? 0)).toString(16),
  ).join('');
}

/** Waits until the guest on this screen shows a word, and reads it off the picture. */
export function readWord(screen: Screen, withinMs: number): Promise<string> {
  return until(
    async () => wordOf(await screen.coloursAt(CELL_POINTS)),
    withinMs,
    () => 'the guest to show whose it is',
  );
}

export interface Row {
  case: string;
  metric: string;
  value: number;
  unit: string;
  runs: number;
}

/** A wish with what was measured; one that is missed fails nothing. */
export interface Goal {
  text: string;
  metric: string;
  value: number;
  goal: number;
  unit: string;
  met: boolean;
}

/** What one case took in a catalogue of one size, milliseconds each. */
export interface Measured {
  case: string;
  size: number;
  times: readonly number[];
}

const RANKS = [50, 95, 99] as const;
const WITHIN_MS = 50;
/** Of medians: what is left for noise. */
const GROWTH = 1.5;

/** Nearest rank: the smallest time that at least `percent` of them do not exceed. @throws RangeError for no times */
export function percentile(times: readonly number[], percent: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  const found = sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)];
  if (found === undefined) throw new RangeError('nothing was measured');
  return found;
}

export function rowsOf(measured: readonly Measured[]): Row[] {
  return measured.flatMap(({ case: name, size, times }) =>
    RANKS.map((rank) => ({
      case: `${name}, ${size}`,
      metric: `p${rank}`,
      value: round(percentile(times, rank)),
      unit: 'ms',
      runs: times.length,
    })),
  );
}

/** For each case: fast enough in the largest catalogue, and no slower there than in the smallest. */
export function goalsOf(measured: readonly Measured[]): Goal[] {
  return [...new Set(measured.map((one) => one.case))].flatMap((name) => {
    const sizes = measured.filter((one) => one.case === name).sort((a, b) => a.size - b.size);
    const [smallest, largest] = [sizes[0], sizes.at(-1)];
    if (!smallest || !largest) return [];
    const p99 = round(percentile(largest.times, 99));
    const fast: Goal = {
      text: `${name} of 1,000 among ${largest.size}`,
      metric: `${name}, p99`,
      value: p99,
      goal: WITHIN_MS,
      unit: 'ms',
      met: p99 <= WITHIN_MS,
    };
    if (smallest === largest) return [fast];
    const growth = round(percentile(largest.times, 50) / percentile(smallest.times, 50));
    const even: Goal = {
      text: `${name}: cost among ${largest.size} over that among ${smallest.size}`,
      metric: `${name}, p50 ratio`,
      value: growth,
      goal: GROWTH,
      unit: '×',
      met: growth <= GROWTH,
    };
    return [fast, even];
  });
}

/** For people: a line for each case and size; then goals. */
export function tableOf(rows: readonly Row[], goals: readonly Goal[]): string {
  const line = (name: string, cells: string[]): string =>
    `  ${name.padEnd(32)}${cells.map((cell) => cell.padStart(12)).join('')}`;
  const cases = [...new Set(rows.map((row) => row.case))];
  const figures = cases.map((name) =>
    line(
      name,
      rows.flatMap((row) => (row.case === name ? [String(row.value)] : [])),
    ),
  );
  const wishes = goals.map(
    ({ text, value, goal, unit, met }) =>
      `  ${met ? 'met   ' : 'MISSED'}  ${text}: ${value} ${unit} (goal: ≤ ${goal} ${unit})`,
  );
  const head = line(
    'milliseconds',
    RANKS.map((rank) => `p${rank}`),
  );
  return ['', head, ...figures, '', ...wishes, ''].join('\n');
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

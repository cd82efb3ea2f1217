import type { SubjectName } from './subjects.ts';

/** What was measured with one way to guacd. */
export interface Row {
  readonly case: SubjectName;
  readonly metric: Metric;
  readonly value: number;
  readonly unit: string;
  readonly runs: number;
}

/** A wish with what was measured; one that is missed fails nothing. */
export interface Goal {
  readonly text: string;
  readonly metric: string;
  readonly value: number;
  readonly goal: number;
  readonly unit: string;
  readonly met: boolean;
}

/** The units of all metrics, in the order of the table. */
export const UNITS = {
  throughput: 'MB/s',
  'cpu, pictures': 's/GB',
  'cpu, mixed': 's/GB',
  'cpu, small instructions': 's/GB',
  'bytes sent': 'MB',
  'cut frames': 'frames',
  'echo p50': 'µs',
  'echo p50 added': 'µs',
  'slow reader over idle': 'MB',
  'idle session': 'kB',
  'idle sessions': 'sessions',
} as const;
export type Metric = keyof typeof UNITS;

/** One row from the values of all runs: their median. Throws RangeError for no values. */
export function row(subject: SubjectName, metric: Metric, values: readonly number[]): Row {
  return { case: subject, metric, value: round(median(values)), unit: UNITS[metric], runs: values.length };
}

/** What the bridge is to reach; only what was measured is judged. */
export function goalsOf(rows: readonly Row[], sessionsWanted: number): Goal[] {
  const find = (subject: SubjectName, metric: Metric): number | null =>
    rows.find((one) => one.case === subject && one.metric === metric)?.value ?? null;
  const goals: Goal[] = [];
  const judge = (
    text: string,
    metric: string,
    value: number | null,
    goal: number,
    unit: string,
    least = false,
  ): void => {
    if (value !== null) {
      goals.push({ text, metric, value, goal, unit, met: least ? value >= goal : value <= goal });
    }
  };
  for (const metric of ['cpu, pictures', 'cpu, mixed', 'cpu, small instructions'] as const) {
    const bridge = find('bridge', metric);
    const lite = find('guacamole-lite', metric);
    const ratio = bridge !== null && lite !== null ? round(lite / bridge) : null;
    judge(`processor time (${metric})`, `bridge ${metric}`, bridge, 1.5, 's/GB');
    judge(`less than guacamole-lite (${metric})`, `guacamole-lite / bridge ${metric}`, ratio, 8, '×', true);
  }
  judge('frames cut inside an instruction', 'bridge cut frames', find('bridge', 'cut frames'), 0, 'frames');
  judge('added to an echo, p50', 'bridge echo p50 added', find('bridge', 'echo p50 added'), 35, 'µs');
  const slow = find('bridge', 'slow reader over idle');
  judge('memory over idle beside a slow reader', 'bridge slow reader over idle', slow, 20, 'MB');
  judge('memory of an idle session', 'bridge idle session', find('bridge', 'idle session'), 25, 'kB');
  const held = find('bridge', 'idle sessions');
  judge('idle sessions in one process', 'bridge idle sessions', held, sessionsWanted, 'sessions', true);
  return goals;
}

/** For people: a line for each metric, a column for each way; then goals. */
export function tableOf(rows: readonly Row[], goals: readonly Goal[]): string {
  const subjects = [...new Set(rows.map((one) => one.case))];
  const metrics = [...new Set(rows.map((one) => one.metric))];
  const line = (name: string, cells: readonly string[]): string =>
    `  ${name.padEnd(28)}${cells.map((cell) => cell.padStart(16)).join('')}`;
  const figures = metrics.map((metric) =>
    line(
      `${metric} (${UNITS[metric]})`,
      subjects.map((subject) => String(rows.find((one) => one.case === subject && one.metric === metric)?.value ?? '')),
    ),
  );
  const least = new Set(['×', 'sessions']);
  const wishes = goals.map(
    ({ text, value, goal, unit, met }) =>
      `  ${met ? 'met   ' : 'MISSED'}  ${text}: ${value} ${unit} (goal: ${least.has(unit) ? '≥' : '≤'} ${goal} ${unit})`,
  );
  return ['', line('', subjects), ...figures, '', ...wishes, ''].join('\n');
}

/** Throws RangeError where nothing was measured. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  const upper = sorted[Math.floor(sorted.length / 2)];
  if (lower === undefined || upper === undefined) {
    throw new RangeError('nothing was measured');
  }
  return (lower + upper) / 2;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

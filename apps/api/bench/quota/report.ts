import { percentile, type Goal, type Row } from '../report';
import type { Round } from './subject';

const WITHIN_MS = 2000;

export interface Measured {
  name: string;
  rounds: readonly Round[];
}

const round = (value: number) => Math.round(value * 100) / 100;
const most = (values: readonly number[]) => values.reduce((a, b) => Math.max(a, b), -Infinity);
const least = (values: readonly number[]) => values.reduce((a, b) => Math.min(a, b), Infinity);

/** Percentiles of all rounds together. */
export function rowsOf(measured: readonly Measured[]): Row[] {
  return measured.flatMap(({ name, rounds }) => {
    const times = rounds.flatMap((one) => one.times);
    const granted = rounds.map((one) => one.granted);
    const row = (metric: string, value: number, unit: string) => ({
      ...{ case: name, metric, value: round(value), unit, runs: rounds.length },
    });
    return [
      row('granted, least', least(granted), ''),
      row('granted, most', most(granted), ''),
      ...[50, 95, 99].map((rank) => row(`p${rank}`, percentile(times, rank), 'ms')),
    ];
  });
}

/** Of the way that the api goes; the other one is there to be compared with. */
export function goalsOf({ rounds }: Measured, places: number): Goal[] {
  const granted = rounds.map((one) => one.granted);
  const off = most(granted.map((n) => Math.abs(n - places)));
  const p99 = round(
    percentile(
      rounds.flatMap((one) => one.times),
      99,
    ),
  );
  return [
    {
      text: `granted beside exactly ${places}, worst round`,
      metric: 'granted',
      value: off,
      goal: 0,
      unit: '',
      met: off === 0,
    },
    {
      text: 'click to answer, all at once',
      metric: 'p99',
      value: p99,
      goal: WITHIN_MS,
      unit: 'ms',
      met: p99 <= WITHIN_MS,
    },
  ];
}

/** For people: a line for each way; then goals. */
export function tableOf(rows: readonly Row[], goals: readonly Goal[]): string {
  const metrics = [...new Set(rows.map(({ metric }) => metric))];
  const line = (name: string, cells: string[]): string =>
    `  ${name.padEnd(20)}${cells.map((cell) => cell.padStart(16)).join('')}`;
  const figures = [...new Set(rows.map((row) => row.case))].map((name) =>
    line(
      name,
      rows.flatMap((row) => (row.case === name ? [`${row.value}${row.unit === '' ? '' : ` ${row.unit}`}`] : [])),
    ),
  );
  const wishes = goals.map(
    ({ text, value, goal, unit, met }) =>
      `  ${met ? 'met   ' : 'MISSED'}  ${text}: ${value} ${unit} (goal: ≤ ${goal} ${unit})`,
  );
  return ['', line('', metrics), ...figures, '', ...wishes, ''].join('\n');
}

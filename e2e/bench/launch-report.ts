import type { TemplateView } from '@beamdesk/contracts';
import type { Host } from './host.ts';
import { PHASES } from './launch-run.ts';
import type { Launch } from './launch-run.ts';
import { summarise } from './statistics.ts';
import type { Summary } from './statistics.ts';

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

/** The file that `--json` writes. */
export interface Report {
  name: string;
  date: string;
  machine: Host & { image: string };
  rows: Row[];
  goals: Goal[];
}

/** One line of the table: what all launches of one case come to. */
export interface Figure {
  case: string;
  metric: string;
  unit: 'ms' | 'MB';
  summary: Summary;
}

const MEMORIES = ['private', 'anonymous', 'proportional', 'resident'] as const;

/** Every phase, and every count of memory, of one case; MB are 10⁶ bytes. */
export function figuresOf(name: string, launches: readonly Launch[]): Figure[] {
  const figure = (metric: string, unit: 'ms' | 'MB', values: number[]): Figure => ({
    case: name,
    metric,
    unit,
    summary: summarise(values),
  });
  return [
    ...PHASES.map((phase) =>
      figure(
        phase,
        'ms',
        launches.map(({ phases }) => phases[phase]),
      ),
    ),
    ...MEMORIES.map((kind) =>
      figure(
        `memory ${kind}`,
        'MB',
        launches.map(({ memory }) => memory[kind] / 1e6),
      ),
    ),
  ];
}

export function rowsOf(figures: readonly Figure[], templates: readonly TemplateView[]): Row[] {
  const launches = figures.flatMap(({ case: name, metric, unit, summary: { runs, ...values } }) =>
    Object.entries(values).map(([which, value]): Row => ({
      case: name,
      metric: `${metric} ${which}`,
      value: round(value),
      unit,
      runs,
    })),
  );
  const built = templates.flatMap(({ imageId, flavour, buildSeconds, sizeMib }): Row[] => {
    const name = `template ${imageId} ${flavour.vcpus} vCPU ${flavour.memoryMib} MiB`;
    return [
      ...(buildSeconds === null ? [] : [{ case: name, metric: 'build', value: buildSeconds, unit: 's', runs: 1 }]),
      ...(sizeMib === null ? [] : [{ case: name, metric: 'size', value: sizeMib, unit: 'MiB', runs: 1 }]),
    ];
  });
  return [...launches, ...built];
}

/** What issue and docs promise of a copy; only what was measured is judged. */
export function goalsOf(figures: readonly Figure[]): Goal[] {
  const find = (name: string, metric: string) =>
    figures.find((one) => one.case === name && one.metric === metric)?.summary;
  const [cold, clone, memory] = [find('cold', 'picture'), find('clone', 'picture'), find('clone', 'memory anonymous')];
  const most = (text: string, metric: string, value: number, goal: number, unit: string): Goal => ({
    ...{ text, metric, value: round(value), goal, unit, met: value <= goal },
  });
  const goals: Goal[] = [];
  if (clone) {
    goals.push(most('click to first picture, median', 'clone picture median', clone.median, 1000, 'ms'));
    goals.push(most('click to first picture, p95', 'clone picture p95', clone.p95, 2000, 'ms'));
  }
  // Pages of the template's file that only one copy has looked at are "private" to the kernel: docs/decisions/0008.
  if (memory)
    goals.push(
      most('private memory at rest (anonymous), median', 'clone memory anonymous median', memory.median, 100, 'MB'),
    );
  if (clone && cold) {
    const value = round(cold.median / clone.median);
    goals.push({
      text: 'faster than the cold boot, medians',
      metric: 'cold / clone picture median',
      value,
      goal: 40,
      unit: '×',
      met: value >= 40,
    });
  }
  return goals;
}

/** For people: figures by case, then goals. */
export function tableOf(figures: readonly Figure[], rows: readonly Row[], goals: readonly Goal[]): string {
  const cell = (value: number) => value.toFixed(value < 10 ? 1 : 0).padStart(9);
  const line = (name: string, cells: string) => `  ${name.padEnd(28)}${cells}`;
  const cases = [...new Set(figures.map((one) => one.case))].flatMap((name) => [
    '',
    line(name, ['median', 'p95', 'min', 'max'].map((word) => word.padStart(9)).join('')),
    ...figures
      .filter((one) => one.case === name)
      .map(({ metric, unit, summary: { median, p95, min, max } }) =>
        line(`  ${metric} (${unit})`, [median, p95, min, max].map(cell).join('')),
      ),
  ]);
  const templates = rows
    .filter((row) => row.case.startsWith('template'))
    .map((row) => `  ${row.case}: ${row.metric} ${row.value} ${row.unit}`);
  const than = (unit: string) => (unit === '×' ? '≥' : '≤');
  const wishes = goals.map(
    ({ text, value, goal, unit, met }) =>
      `  ${met ? 'met   ' : 'MISSED'}  ${text}: ${value} ${unit} (goal: ${than(unit)} ${goal} ${unit})`,
  );
  return [...cases, '', ...templates, '', ...wishes, ''].join('\n');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

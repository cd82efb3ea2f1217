import { figuresOf, goalsOf, rowsOf, tableOf } from './launch-report.ts';
import type { Launch } from './launch-run.ts';

/** A launch whose every phase took so long, and whose every count of memory is so large. */
const launch = (ms: number, bytes: number): Launch => ({
  phases: { answered: ms, starting: ms, ready: ms, ticket: ms, socket: ms, picture: ms, frame: ms },
  memory: { private: bytes, anonymous: bytes, proportional: bytes, resident: bytes },
  path: 'clone',
  argv: [],
});
const good = [
  ...figuresOf('cold', [launch(40_000, 3e9)]),
  ...figuresOf('clone', [launch(800, 9e7), launch(1000, 1.1e8)]),
];

describe('the report on launches', () => {
  it('gives each figure of each case as a row, with its unit and the number of runs', () => {
    const rows = rowsOf(good, []);
    expect(rows).toContainEqual({ case: 'clone', metric: 'picture median', value: 900, unit: 'ms', runs: 2 });
    expect(rows).toContainEqual({ case: 'clone', metric: 'memory private max', value: 110, unit: 'MB', runs: 2 });
    expect(rows).toHaveLength(2 * 11 * 4);
  });

  it('judges the goals by median, p95, memory and ratio', () => {
    expect(goalsOf(good).map(({ value, met }) => [value, met])).toEqual([
      ...[
        [900, true],
        [1000, true],
      ],
      ...[
        [100, true],
        [44.4, true],
      ],
    ]);
    const slow = [...figuresOf('cold', [launch(30_000, 1)]), ...figuresOf('clone', [launch(2001, 1.1e8)])];
    expect(goalsOf(slow).map(({ met }) => met)).toEqual([false, false, false, false]);
  });

  it('judges nothing that was not measured', () => {
    expect(goalsOf(figuresOf('cold', [launch(30_000, 1)]))).toEqual([]);
  });

  it('prints what was missed with its goal beside it', () => {
    const figures = figuresOf('clone', [launch(1500, 1e7)]);
    const table = tableOf(figures, rowsOf(figures, []), goalsOf(figures));
    expect(table).toMatch(/MISSED\s+click to first picture, median: 1500 ms \(goal: ≤ 1000 ms\)/);
    expect(table).toMatch(/met\s+click to first picture, p95: 1500 ms/);
    expect(table).toMatch(/picture \(ms\)\s+1500\s+1500\s+1500\s+1500/);
  });
});

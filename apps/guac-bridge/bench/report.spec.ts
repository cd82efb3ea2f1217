import { goalsOf, median, row, tableOf } from './report.ts';

describe('the report of bench:bridge', () => {
  const rows = [
    row('guacamole-lite', 'cpu, mixed', [20, 10, 12]),
    row('bridge', 'cpu, mixed', [1.6, 1.4, 1.5]),
    row('bridge', 'cut frames', [0]),
    row('bridge', 'idle sessions', [4999]),
  ];

  it('keeps the median of all runs', () => {
    expect(rows[0]).toEqual({ case: 'guacamole-lite', metric: 'cpu, mixed', value: 12, unit: 's/GB', runs: 3 });
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(() => median([])).toThrow(RangeError);
  });

  it('judges what was measured and nothing else, at most and at least', () => {
    expect(goalsOf(rows, 5000).map(({ metric, value, met }) => [metric, value, met])).toEqual([
      ['bridge cpu, mixed', 1.5, true],
      ['guacamole-lite / bridge cpu, mixed', 8, true],
      ['bridge cut frames', 0, true],
      ['bridge idle sessions', 4999, false],
    ]);
    expect(goalsOf([row('bridge', 'cpu, mixed', [1.51])], 5000)).toMatchObject([{ met: false }]);
    expect(goalsOf([row('guacamole-lite', 'cpu, mixed', [11.9]), rows[1]], 5000)[1]).toMatchObject({ met: false });
  });

  it('shows every figure and every goal', () => {
    const table = tableOf(rows, goalsOf(rows, 5000));
    expect(table).toMatch(/cpu, mixed \(s\/GB\) +12 +1.5\n/);
    expect(table).toContain('MISSED  idle sessions in one process: 4999 sessions (goal: ≥ 5000 sessions)');
  });
});

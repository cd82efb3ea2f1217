import { readOptions } from './options';
import { goalsOf, percentile, rowsOf, tableOf } from './report';

const upTo = (n: number, factor = 1) => Array.from({ length: n }, (_, i) => (i + 1) * factor);

describe('the report of bench:proposals', () => {
  it('takes percentiles by the nearest rank', () => {
    expect([50, 95, 99].map((rank) => percentile(upTo(100), rank))).toEqual([50, 95, 99]);
    expect(percentile([7], 99)).toBe(7);
    expect(() => percentile([], 50)).toThrow(RangeError);
  });

  it('judges the largest catalogue by its p99, and growth by the medians', () => {
    const measured = [
      { case: 'search', size: 1_000_000, times: upTo(100, 0.6) },
      { case: 'search', size: 10_000, times: upTo(100, 0.3) },
    ];
    expect(goalsOf(measured)).toEqual([
      expect.objectContaining({ metric: 'search, p99', value: 59.4, goal: 50, met: false }),
      expect.objectContaining({ metric: 'search, p50 ratio', value: 2, goal: 1.5, met: false }),
    ]);
    expect(goalsOf([{ case: 'search', size: 10_000, times: upTo(100, 0.3) }])).toEqual([
      expect.objectContaining({ metric: 'search, p99', value: 29.7, met: true }),
    ]);
  });

  it('has a row for every figure, and shows them', () => {
    const measured = [{ case: 'first page', size: 2000, times: upTo(200) }];
    const rows = rowsOf(measured);
    expect(rows.map(({ case: name, metric, value, runs }) => [name, metric, value, runs])).toEqual([
      ['first page, 2000', 'p50', 100, 200],
      ['first page, 2000', 'p95', 190, 200],
      ['first page, 2000', 'p99', 198, 200],
    ]);
    expect(tableOf(rows, goalsOf(measured))).toMatch(
      /first page, 2000 +100 +190 +198[^]*MISSED {2}first page of 1,000/,
    );
  });

  it('reads what is asked for', () => {
    const given = readOptions(['--n', '20', '--sizes', '50000,2000,2000', '--json', 'x.json']);
    expect(given).toEqual({ help: false, json: 'x.json', runs: 20, sizes: [2000, 50_000] });
    expect(readOptions([]).sizes).toEqual([10_000, 1_000_000]);
    expect(() => readOptions(['--sizes', '10'])).toThrow('--sizes takes a whole number from 1000');
  });
});

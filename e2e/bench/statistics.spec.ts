import { summarise } from './statistics.ts';

describe('summarise', () => {
  it('takes the middle, or the mean of the two in the middle', () => {
    expect(summarise([30, 10, 20]).median).toBe(20);
    expect(summarise([40, 10, 30, 20]).median).toBe(25);
    expect(summarise([7])).toEqual({ median: 7, p95: 7, min: 7, max: 7, runs: 1 });
  });

  it('gives a p95 that was measured: the worst of few, the 19th of twenty, the 95th of a hundred', () => {
    const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1).reverse();
    expect(summarise(upTo(10)).p95).toBe(10);
    expect(summarise(upTo(20)).p95).toBe(19);
    expect(summarise(upTo(100))).toEqual({ median: 50.5, p95: 95, min: 1, max: 100, runs: 100 });
  });

  it('sorts by size, not by letters, and leaves its input alone', () => {
    const values = [100, 9, 20];
    expect(summarise(values)).toMatchObject({ min: 9, max: 100 });
    expect(values).toEqual([100, 9, 20]);
  });

  it('does not make up figures from nothing', () => {
    expect(() => summarise([])).toThrow(RangeError);
  });
});

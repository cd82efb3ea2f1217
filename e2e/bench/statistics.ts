/** What many measurements of one thing come to. */
export interface Summary {
  median: number;
  /** Nearest rank: the smallest measured value that at least 95 % of the values do not exceed. */
  p95: number;
  min: number;
  max: number;
  runs: number;
}

/** @throws RangeError where nothing was measured */
export function summarise(values: readonly number[]): Summary {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (index: number): number => {
    const value = sorted[index];
    if (value === undefined) throw new RangeError('nothing was measured');
    return value;
  };
  const { length } = sorted;
  return {
    median: (at(Math.ceil(length / 2) - 1) + at(Math.floor(length / 2))) / 2,
    p95: at(Math.ceil(length * 0.95) - 1),
    min: at(0),
    max: at(length - 1),
    runs: length,
  };
}

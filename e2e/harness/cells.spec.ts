import { CELL_POINTS, wordOf } from './cells.ts';

const [RED, GREEN, BLUE, GREY] = [
  [170, 0, 0],
  [0, 170, 0],
  [0, 0, 170],
  [170, 170, 170],
] as const;

describe('the word on the screen of a tiny guest', () => {
  it('is read from pairs of cells', () => {
    const pairs = Array.from({ length: 16 }, () => [
      [RED, BLUE],
      [GREY, GREEN],
    ]).flat(2);
    expect(wordOf(pairs)).toBe('2d'.repeat(16));
    expect(CELL_POINTS).toHaveLength(pairs.length);
  });

  it('may be a little off in its colours, as pictures are that were packed', () => {
    expect(wordOf(CELL_POINTS.map(() => [160, 12, 9] as const))).toBe('0'.repeat(32));
  });

  it('is none while a cell shows something else', () => {
    expect(wordOf([...CELL_POINTS.slice(1).map(() => RED), [0, 0, 0]])).toBeNull();
    expect(wordOf([])).toBeNull();
  });
});

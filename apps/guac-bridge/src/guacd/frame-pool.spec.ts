import { FramePool } from './frame-pool';

describe('FramePool', () => {
  it('uses memory again once it was given back, never before', () => {
    const pool = new FramePool(100_000);
    const first = pool.take(50_000);
    const second = pool.take(60_000);
    expect(second.buffer).not.toBe(first.buffer);
    pool.give(first.subarray(10, 20));
    expect(pool.take(70_000).buffer).toBe(first.buffer);
    expect(pool.take(70_000).buffer).not.toBe(second.buffer);
  });

  it('lends memory once, however often it was given back', () => {
    const pool = new FramePool(100_000);
    const frame = pool.take(50_000);
    pool.give(frame);
    pool.give(frame);
    expect(pool.take(50_000).buffer).not.toBe(pool.take(50_000).buffer);
  });

  it('takes nothing that it did not lend, and lends what it does not keep', () => {
    const pool = new FramePool(100_000);
    const foreign = Buffer.allocUnsafeSlow(100_000);
    pool.give(foreign);
    const lent = [100, 50_000, 200_000].map((bytes) => pool.take(bytes));
    expect(lent.map(({ length }) => length)).toEqual([100, 50_000, 200_000]);
    expect(lent.map(({ buffer }) => buffer)).not.toContain(foreign.buffer);
  });
});

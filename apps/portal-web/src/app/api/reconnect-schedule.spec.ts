import { reconnectDelay } from './reconnect-schedule';

describe('reconnectDelay', () => {
  it('doubles up to 10 s', () => {
    const longest = [0, 1, 2, 5, 6, 40].map((failures) => reconnectDelay(failures, () => 1));
    expect(longest).toEqual([500, 1000, 2000, 10_000, 10_000, 10_000]);
  });

  it('spreads the tabs over the second half of the delay', () => {
    expect(reconnectDelay(3, () => 0)).toBe(2000);
    expect(reconnectDelay(3, () => 0.5)).toBe(3000);
  });
});

import { ago, lifetime, remaining, stopwatch } from './durations';

const S = 1000;
const M = 60 * S;
const H = 60 * M;

describe('durations', () => {
  it.each([
    [-5 * S, '0:00'],
    [7 * S, '0:07'],
    [12 * M + 40 * S, '12:40'],
    [H + 2 * M + 3 * S, '1:02:03'],
  ])('stopwatch of %i', (ms, words) => expect(stopwatch(ms)).toBe(words));

  it.each([
    [-1, 'now'],
    [900, '1 s'],
    [4 * M + 10 * S, '4 min 10 s'],
    [7 * H + 59 * M + 59 * S, '7 h 59 min'],
    [76 * H, '3 d 4 h'],
  ])('remaining of %i', (ms, words) => expect(remaining(ms)).toBe(words));

  it.each([
    [59 * S, 'just now'],
    [4 * M, '4 min ago'],
    [2 * H, '2 h ago'],
    [80 * H, '3 d ago'],
  ])('ago of %i', (ms, words) => expect(ago(ms)).toBe(words));

  it.each([
    [90, '90 minutes'],
    [480, '8 hours'],
    [4320, '3 days'],
  ])('lifetime of %i', (minutes, words) => expect(lifetime(minutes)).toBe(words));
});

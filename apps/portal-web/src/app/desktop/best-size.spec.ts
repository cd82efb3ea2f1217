import { bestSize, hasSize, matchingSize } from './best-size';

describe('bestSize', () => {
  it.each([
    ['a usual screen', 1440, 819, 1, { width: 1440, height: 819, dpi: 96 }],
    ['a dense one', 1440, 819, 2, { width: 2880, height: 1638, dpi: 192 }],
    ['a zoomed page, in whole pixels', 1001, 601, 1.25, { width: 1251, height: 751, dpi: 120 }],
    ['more than the bridge takes', 5120, 2880, 10, { width: 8192, height: 8192, dpi: 768 }],
    ['a frame that is not laid out', 0, 0, 2, { width: 2560, height: 1600, dpi: 192 }],
    ['a browser that does not say', 800, 600, 0, { width: 800, height: 600, dpi: 96 }],
  ])('of %s', (_name, clientWidth, clientHeight, ratio, size) =>
    expect(bestSize({ clientWidth, clientHeight }, ratio)).toEqual(size),
  );
});

describe('matchingSize', () => {
  it.each([
    ['a usual window', 1440, 819, 1, { width: 1440, height: 819 }],
    ['a dense screen', 1440, 819, 2, { width: 2880, height: 1638 }],
    ['a zoomed page, in whole pixels', 1001, 601, 1.25, { width: 1251, height: 751 }],
    ['a browser that does not say', 800, 600, 0, { width: 800, height: 600 }],
    ['a window larger than screens can be, in its shape', 5120, 2880, 1, { width: 3840, height: 2160 }],
    ['a high one', 1500, 2700, 1, { width: 1200, height: 2160 }],
    ['a small one, in its shape', 320, 600, 1, { width: 640, height: 1200 }],
    ['a low one', 900, 240, 1, { width: 1800, height: 480 }],
    ['a strip that no screen can be', 200, 3000, 1, { width: 640, height: 2160 }],
  ])('of %s', (_name, clientWidth, clientHeight, ratio, size) =>
    expect(matchingSize({ clientWidth, clientHeight }, ratio)).toEqual(size),
  );

  it('is none of a frame that is not laid out', () =>
    expect(matchingSize({ clientWidth: 0, clientHeight: 600 }, 1)).toBeNull());
});

describe('hasSize', () => {
  const wish = { width: 1447, height: 819 };

  it.each([
    ['the same', 1447, 819, true],
    ['rounded down as guests do', 1440, 819, true],
    ['another', 1280, 800, false],
    ['larger, which would not fit', 1448, 819, false],
  ])('%s', (_name, width, height, same) => expect(hasSize({ width, height }, wish)).toBe(same));
});

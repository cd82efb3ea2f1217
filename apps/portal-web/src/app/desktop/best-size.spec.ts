import { bestSize } from './best-size';

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

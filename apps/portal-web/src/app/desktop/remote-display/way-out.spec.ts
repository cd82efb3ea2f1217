import { isWayOut } from './way-out';

describe('isWayOut', () => {
  it.each([
    ['Ctrl, Alt and Shift on the left', [0xffe3, 0xffe9, 0xffe1], true],
    ['in any order, on the right', [0xffe2, 0xffea, 0xffe4], true],
    ['Alt that Shift made Meta', [0xffe3, 0xffe1, 0xffe7], true],
    ['both Ctrl keys without Shift', [0xffe3, 0xffe4, 0xffe9], false],
    ['Ctrl and Alt only', [0xffe3, 0xffe9], false],
    ['with another key, which is the desktop’s', [0xffe3, 0xffe9, 0xffe1, 0x61], false],
    ['nothing', [], false],
  ])('%s', (_name, pressed, expected) => {
    expect(isWayOut(pressed)).toBe(expected);
  });
});

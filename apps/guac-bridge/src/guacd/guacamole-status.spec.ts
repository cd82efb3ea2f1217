import { closeCodeOf } from './guacamole-status';

describe('closeCodeOf', () => {
  it.each([
    [1000, [0x0]],
    [1011, [0x100, 0x200, 0x202, 0x203, 0x207, 0x208]],
    [1008, [0x201, 0x205, 0x209, 0x301, 0x303, 0x31d]],
    [1002, [0x204, 0x206, 0x20a, 0x20b, 0x300, 0x308]],
    [1009, [0x30d]],
    [1003, [0x30f]],
    [1011, [0x7777]],
  ])('is %d for %j', (code, statuses) => {
    expect(statuses.map(closeCodeOf)).toEqual(statuses.map(() => code));
  });
});

import { type Figures, roomOf } from './host-room';

describe('roomOf', () => {
  const host: Figures = {
    id: 'local',
    memoryLimitMib: 0,
    memoryAvailableMib: 4096,
    diskAvailableMib: 10_000,
    memoryHeldMib: 0,
    memoryUnseenMib: 0,
    diskUnseenMib: 0,
  };

  it.each<[string, Partial<Figures>, number, { memoryMib: number; diskMib: number }]>([
    ['all that the worker saw free', {}, 1, { memoryMib: 4096, diskMib: 10_000 }],
    [
      'less what was promised since',
      { memoryUnseenMib: 1024, diskUnseenMib: 4000 },
      1,
      { memoryMib: 3072, diskMib: 6000 },
    ],
    [
      "no more than the site's limit",
      { memoryLimitMib: 2048, memoryHeldMib: 512 },
      1,
      { memoryMib: 1536, diskMib: 10_000 },
    ],
    [
      'a limit promised one and a half times',
      { memoryLimitMib: 2048, memoryHeldMib: 512 },
      1.5,
      { memoryMib: 2560, diskMib: 10_000 },
    ],
    ['but never more than is free', { memoryLimitMib: 2048 }, 4, { memoryMib: 4096, diskMib: 10_000 }],
    ['never below nothing', { memoryUnseenMib: 9999, diskUnseenMib: 99_999 }, 1, { memoryMib: 0, diskMib: 0 }],
  ])('%s', (_, given, overcommit, expected) => {
    expect(roomOf({ ...host, ...given }, overcommit)).toEqual(expected);
  });
});

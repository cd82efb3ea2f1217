import { type Figures, roomOf } from './host-room';

describe('roomOf', () => {
  const host: Figures = {
    id: 'local',
    memoryLimitMib: 0,
    memoryOvercommit: 1,
    memoryAvailableMib: 4096,
    diskAvailableMib: 10_000,
    memoryHeldMib: 0,
    memoryUnseenMib: 0,
    diskUnseenMib: 0,
  };

  it.each<[string, Partial<Figures>, { memoryMib: number; diskMib: number }]>([
    ['all that the worker saw free', {}, { memoryMib: 4096, diskMib: 10_000 }],
    [
      'less what was promised since',
      { memoryUnseenMib: 1024, diskUnseenMib: 4000 },
      { memoryMib: 3072, diskMib: 6000 },
    ],
    [
      "no more than the site's limit",
      { memoryLimitMib: 2048, memoryHeldMib: 512 },
      { memoryMib: 1536, diskMib: 10_000 },
    ],
    [
      'a limit promised one and a half times',
      { memoryOvercommit: 1.5, memoryLimitMib: 2048, memoryHeldMib: 512 },
      { memoryMib: 2560, diskMib: 10_000 },
    ],
    [
      'what is free promised one and a half times, less all that was promised since',
      { memoryOvercommit: 1.5, memoryUnseenMib: 1024, diskUnseenMib: 4000 },
      { memoryMib: 5120, diskMib: 6000 },
    ],
    ['the smaller of both', { memoryOvercommit: 4, memoryLimitMib: 2048 }, { memoryMib: 8192, diskMib: 10_000 }],
    ['never below nothing', { memoryUnseenMib: 9999, diskUnseenMib: 99_999 }, { memoryMib: 0, diskMib: 0 }],
  ])('%s', (_, given, expected) => {
    expect(roomOf({ ...host, ...given })).toEqual(expected);
  });
});

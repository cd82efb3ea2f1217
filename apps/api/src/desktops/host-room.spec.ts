import { Bench, HOST } from '../instances/testing/bench';
import { HostEntity } from '../site/entities/host.entity';
import { type Figures, roomOf, shortOf } from './host-figures';
import { HostRooms } from './host-room';

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
    memoryTotalMib: null,
    diskTotalMib: null,
    cpuLoadPermille: null,
    cpuPressurePermille: null,
    desktopsHeld: 0,
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

describe('shortOf', () => {
  const none = { maxDesktops: null, maxCpuLoadPercent: null, maxCpuPressurePercent: null };
  const small = { vcpus: 1, memoryMib: 512, diskMib: 1024 };
  const roomy: Figures = {
    ...{ id: 'local', memoryLimitMib: 0, memoryOvercommit: 1, memoryAvailableMib: 512, memoryTotalMib: 4096 },
    ...{ diskAvailableMib: 1024, diskTotalMib: 4096, cpuLoadPermille: 1500, cpuPressurePermille: 400 },
    ...{ memoryHeldMib: 0, desktopsHeld: 3, memoryUnseenMib: 0, diskUnseenMib: 0 },
  };

  it.each<[string, Partial<Figures>, object, boolean, string | null]>([
    ['nothing where all of it just fits', {}, { maxDesktops: 4, maxCpuLoadPercent: 151 }, false, null],
    ['memory', { memoryAvailableMib: 511 }, {}, false, 'memory'],
    ['disk', { diskAvailableMib: 1023 }, {}, false, 'disk'],
    ['no disk for one that has its own', { diskAvailableMib: 0 }, {}, true, null],
    ['desktops', {}, { maxDesktops: 3 }, false, 'desktops'],
    ['processors by load', {}, { maxCpuLoadPercent: 150 }, false, 'processors'],
    ['processors by pressure', {}, { maxCpuPressurePercent: 40 }, false, 'processors'],
    ['nothing where figures of processors are not known', { cpuLoadPermille: null }, { maxCpuLoadPercent: 1 }, false, null],
  ])('names %s', (_, figures, limits, hasDisk, short) => {
    expect(shortOf({ ...roomy, ...figures }, small, { ...none, ...limits }, hasDisk)).toBe(short);
  });
});

describe('HostRooms', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await Bench.open();
    const seen = { memoryAvailableMib: 2048, diskAvailableMib: 4096, observedAt: new Date() };
    await bench.dataSource.manager.update(HostEntity, { id: HOST }, seen);
  });
  afterAll(() => bench.close());
  beforeEach(() => bench.dataSource.query('TRUNCATE instance CASCADE'));

  const BEFORE = () => `(SELECT observed_at - interval '1 min' FROM host)`;
  const AFTER = () => `(SELECT observed_at + interval '1 min' FROM host)`;

  /** What is left for one more, MiB: the refusal of something far too large says it. */
  async function room(): Promise<unknown> {
    const { manager } = bench.dataSource;
    const huge = { vcpus: 1, memoryMib: 1e9, diskMib: 1e9 };
    const limits = { maxDesktops: null, maxCpuLoadPercent: null, maxCpuPressurePercent: null };
    const load = { whenFull: 'queue' as const, queueMax: 1, queueMinutes: 1, ...limits };
    const choice = await new HostRooms(bench.settings, { load, hosts: [] }).choose(manager, { flavour: huge });
    return choice.hostId === null ? choice.room : choice;
  }

  it('is all that the worker saw while nothing came since', async () => {
    expect(await room()).toEqual({ memoryMib: 2048, diskMib: 4096 });
    await bench.request({ set: { launchedAt: BEFORE, builtAt: BEFORE } });
    await bench.dataSource.query(`UPDATE instance SET state = 'READY'`);
    expect(await room()).toEqual({ memoryMib: 2048, diskMib: 4096 });
  });

  it.each([
    ['a launch', 'REQUESTED', { launchedAt: AFTER }],
    ['a launch from before the last look whose machine is not on', 'BUILDING', { launchedAt: BEFORE }],
    ['a machine that came on after the last look', 'STARTING', { launchedAt: BEFORE, builtAt: AFTER }],
  ] as const)('is less by %s', async (_what, state, set) => {
    await bench.request({ set });
    await bench.dataSource.query('UPDATE instance SET state = $1', [state]);
    expect(await room()).toEqual({ memoryMib: 1536, diskMib: 3072 });
  });

  it.each(['REQUESTED', 'BUILDING', 'STARTING'])(
    'counts the memory of a kept disk that is %s, its disk once',
    async (state) => {
      await bench.request({ set: { launchedAt: AFTER, builtAt: BEFORE } });
      await bench.dataSource.query('UPDATE instance SET state = $1', [state]);
      expect(await room()).toEqual({ memoryMib: 1536, diskMib: 4096 });
    },
  );
});

import { Launcher } from './launcher/launcher';
import { MachineRecord } from './record';
import { ScratchGuard } from './scratch-guard';

const MIB = 1024 * 1024;
const share = (tag: string, limitMib: number) => ({ tag, hostPath: `/kept/${tag}`, readOnly: false, limitMib });
const record = (notice: string | null = null) =>
  ({
    order: { shares: [{ ...share('data', 1), readOnly: true, limitMib: null }, share('scratch', 10), share('home', 5)] },
    ...{ notice, personalised: null },
  }) as unknown as MachineRecord;

describe('the writable shares of a machine', () => {
  let used: Record<string, number>;
  let asked: string[];
  let guard: ScratchGuard;
  let now: number;

  beforeEach(() => {
    used = { '/kept/scratch': 0, '/kept/home': 0 };
    asked = [];
    now = 0;
    const scratchUsage = async (path: string) => {
      asked.push(path);
      return { usedBytes: (used[path] ?? NaN) * MIB, freeBytes: 1000 * MIB };
    };
    guard = new ScratchGuard({ scratchUsage } as unknown as Launcher, 100);
  });
  const look = (given = record()) => guard.look(given, null, (now += 60_000));

  it('are each told of, by name, as long as they are full', async () => {
    expect(await look()).toEqual({ end: null, notice: undefined });
    used['/kept/home'] = 5.1;
    expect((await look()).notice).toMatch(/^Your home folder is full.*kept\.$/);
    used['/kept/scratch'] = 10.1;
    expect((await look()).notice).toMatch(/scratch folder is full.*home folder is full/);
    used['/kept/home'] = 1;
    expect((await look()).notice).toMatch(/^Your scratch folder is full/);
    used['/kept/scratch'] = 1;
    expect((await look()).notice).toBeNull();
  });

  it('end the machine by name when they grow far over their limit', async () => {
    await look();
    used['/kept/home'] = 8;
    expect((await look()).end).toMatch(/its home folder outgrew its limit/);
  });

  it('say what they hold; read-only ones are not measured', async () => {
    expect(guard.uses(record())).toEqual([]);
    used['/kept/home'] = 2;
    await look();
    expect(guard.uses(record())).toEqual([
      { tag: 'scratch', usedBytes: 0, limitMib: 10 },
      { tag: 'home', usedBytes: 2 * MIB, limitMib: 5 },
    ]);
    expect(new Set(asked)).toEqual(new Set(['/kept/scratch', '/kept/home']));
  });

  it('clear a remark that an earlier process made', async () => {
    used['/kept/home'] = 6;
    const { notice } = await look();
    const later = new ScratchGuard({ scratchUsage: async () => ({ usedBytes: 0, freeBytes: 1000 * MIB }) } as unknown as Launcher, 100);
    expect((await later.look(record(notice ?? ''), null, 0)).notice).toBeNull();
  });
});

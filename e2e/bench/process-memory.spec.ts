import { memoryIn, memoryOf } from './process-memory.ts';

const ROLLUP = `55d0c8a00000-7ffd1c1f2000 ---p 00000000 00:00 0    [rollup]
Rss:              300000 kB
Pss:              120000 kB
Pss_Anon:          70000 kB
Shared_Clean:     150000 kB
Shared_Dirty:      50000 kB
Private_Clean:     20000 kB
Private_Dirty:     80000 kB
Anonymous:         75000 kB
`;

describe('memory of a process', () => {
  it('is read from what the kernel tells, in bytes', () => {
    expect(memoryIn(ROLLUP, 'Name:\tqemu\nVmRSS:\t  300000 kB\nThreads:\t4\n')).toEqual({
      private: 100_000 * 1024,
      anonymous: 75_000 * 1024,
      proportional: 120_000 * 1024,
      resident: 300_000 * 1024,
    });
  });

  it('is not made up where the kernel tells nothing', () => {
    expect(() => memoryIn('', 'VmRSS: 1 kB')).toThrow(/Private_Clean/);
  });

  it('can be read of a living process', () => {
    const { private: own, proportional, resident } = memoryOf(process.pid);
    expect(own).toBeGreaterThan(0);
    expect(proportional).toBeGreaterThanOrEqual(own);
    expect(resident).toBeGreaterThan(own / 2);
  });
});

import { needs, NO_LIMITS, nothing } from '../testing/views';
import { amount, costWords, needsWords, shortfallWords } from './resource-words';

describe('resource words', () => {
  it.each([
    [512, '512 MiB'],
    [1024, '1 GiB'],
    [1536, '1.5 GiB'],
    [2_097_152, '2 TiB'],
  ])('%i MiB', (mib, words) => expect(amount('memoryMib', mib)).toBe(words));

  it('names what a desktop takes and leaves out what it does not', () => {
    expect(needsWords(needs)).toBe('1 machine, 2 vCPUs, 4 GiB memory, 20 GiB storage');
    expect(needsWords({ ...nothing, storageMib: 1024 })).toBe('1 GiB storage');
  });

  it('tells what a desktop takes of what is left, each unit once where it is the same', () => {
    const left = { ...NO_LIMITS, machines: 2, vcpus: 1, memoryMib: 4608, storageMib: 2_097_152 };
    const hours = { vcpuMinutes: 960, gpuMinutes: 0 };
    expect(costWords({ ...needs, ...hours }, left)).toBe('1 of 2 machines, 2 of 1 vCPU, 4 of 4.5 GiB memory, 20 GiB of 2 TiB storage');
    expect(costWords({ ...nothing, ...hours, memoryMib: 512 }, { ...left, vcpuMinutes: 2400 })).toBe('512 MiB of 4.5 GiB memory, 16 of 40 vCPU-hours');
  });

  it('tells a shortfall', () => {
    expect(shortfallWords({ resource: 'memoryMib', requested: 4096, available: 3072, missing: 1024 })).toBe(
      'Memory: 1 GiB missing (4 GiB needed, 3 GiB left)',
    );
  });
});

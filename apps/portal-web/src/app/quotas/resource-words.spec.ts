import { needs, nothing } from '../testing/views';
import { amount, needsWords, shortfallWords } from './resource-words';

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

  it('tells a shortfall', () => {
    expect(shortfallWords({ resource: 'memoryMib', requested: 4096, available: 3072, missing: 1024 })).toBe(
      'Memory: 1 GiB missing (4 GiB needed, 3 GiB left)',
    );
  });
});

import { usageWords } from './index';

describe('usageWords', () => {
  it.each([
    [
      '4 of 10 vCPUs: 2 here, 2 in proposal 20260301',
      'vcpus',
      4,
      10,
      [
        ['here', 2],
        ['in proposal 20260301', 2],
      ],
    ],
    [
      '1 of 1 GPU: 1 yours',
      'gpus',
      1,
      1,
      [
        ['yours', 1],
        ["other people's", 0],
      ],
    ],
    [
      '2 GiB of 1.5 GiB memory: 2 GiB here',
      'memoryMib',
      2048,
      1536,
      [
        ['here', 1024],
        ['here', 1024],
      ],
    ],
    ['1.5 of 10 vCPU-hours', 'vcpuMinutes', 90, 600, []],
    ['3 desktops', 'machines', 3, null, []],
  ] as const)('%s', (words, name, used, limit, holdings) => {
    const parts = holdings.map(([where, amount]) => ({ where, amount }));
    expect(usageWords(name, { used, limit }, parts)).toBe(words);
  });
});

import { byteWords, fileCount } from './file-words';

describe('byteWords', () => {
  it.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [999, '999 bytes'],
    [1000, '1 kB'],
    [1540, '1.5 kB'],
    [99_949, '100 kB'],
    [999_499, '999 kB'],
    [999_500, '1 MB'],
    [52_428_800, '52 MB'],
    [5e9, '5 GB'],
    [4e15, '4000 TB'],
  ])('%i', (bytes, words) => expect(byteWords(bytes)).toBe(words));
});

it('counts files', () => expect([1, 2].map(fileCount)).toEqual(['1 file', '2 files']));

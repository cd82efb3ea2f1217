import { bandwidthWords, latencyWords, lineGrade, lineSentence } from './line-words';

describe('words about the line', () => {
  it.each([
    [null, 'unknown', '–', 'The line is being measured.'],
    [23, 'good', '23 ms', 'Your line answers quickly: 23 ms to the portal and back.'],
    [100, 'good', '100 ms', 'answers quickly: 100 ms'],
    [101, 'fair', '101 ms', 'Your line answers with some delay: 101 ms'],
    [250, 'fair', '250 ms', 'appears a little late'],
    [340, 'slow', '340 ms', 'Your line answers slowly: 340 ms'],
  ] as const)('%p ms is %s', (latencyMs, grade, short, sentence) => {
    expect([lineGrade({ latencyMs }), latencyWords({ latencyMs })]).toEqual([grade, short]);
    expect(lineSentence({ latencyMs })).toContain(sentence);
  });

  it.each([
    [0, '0 kB/s'],
    [840_400, '840 kB/s'],
    [999_700, '1.0 MB/s'],
    [1_234_000, '1.2 MB/s'],
  ])('%d bytes a second', (bytesPerSecond, words) => expect(bandwidthWords({ bytesPerSecond })).toBe(words));
});

import { LineSplitter } from './line-splitter';

function split(text: string, limit: number, step: number): { lines: string[]; overlong: number } {
  const lines: string[] = [];
  let overlong = 0;
  const splitter = new LineSplitter(limit, (line) => lines.push(line), () => overlong++);
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += step) splitter.push(bytes.subarray(at, at + step));
  return { lines, overlong };
}

describe('LineSplitter', () => {
  it.each([1, 2, 3, 7, 1000])('gives whole lines from pieces of %d bytes', (step) => {
    expect(split('one\r\nzwölf 🙂\n\nrest', 100, step)).toEqual({ lines: ['one', 'zwölf 🙂', ''], overlong: 0 });
  });

  it.each([1, 4, 1000])('drops a line that is too long, and only it (pieces of %d)', (step) => {
    expect(split(`ok\n${'x'.repeat(50)}\nafter\n`, 10, step)).toEqual({ lines: ['ok', 'after'], overlong: 1 });
  });
});

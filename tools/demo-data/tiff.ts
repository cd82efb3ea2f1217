import type { Frame } from './edf.ts';

/** A frame as baseline TIFF: one strip, 16-bit grey, little endian, not compressed. */
export function tiff(frame: Frame): Buffer {
  const short = 3;
  const long = 4;
  const size = frame.counts.length * 2;
  const entries = [
    [256, long, frame.width],
    [257, long, frame.height],
    [258, short, 16],
    [259, short, 1],
    [262, short, 1],
    [273, long, 8],
    [277, short, 1],
    [278, long, frame.height],
    [279, long, size],
    [339, short, 1],
  ] as const;
  const out = Buffer.alloc(8 + size + 2 + entries.length * 12 + 4);
  out.write('II', 'latin1');
  out.writeUInt16LE(42, 2);
  out.writeUInt32LE(8 + size, 4);
  frame.counts.forEach((count, i) => out.writeUInt16LE(count, 8 + 2 * i));
  let at = 8 + size;
  at = out.writeUInt16LE(entries.length, at);
  for (const [tag, type, value] of entries) {
    at = out.writeUInt16LE(tag, at);
    at = out.writeUInt16LE(type, at);
    at = out.writeUInt32LE(1, at);
    at = out.writeUInt32LE(value, at);
  }
  return out;
}

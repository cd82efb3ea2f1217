/** A picture of unsigned 16-bit counts, row by row. */
export interface Frame {
  width: number;
  height: number;
  counts: Uint16Array;
}

/**
 * A frame as ESRF data format: an ASCII header padded to a multiple of 512 bytes, then the counts, little endian.
 * @param header further `key = value` lines
 */
export function edf(frame: Frame, header: Record<string, string | number>): Buffer {
  const lines = {
    HeaderID: 'EH:000001:000000:000000',
    Image: 1,
    ByteOrder: 'LowByteFirst',
    DataType: 'UnsignedShort',
    Dim_1: frame.width,
    Dim_2: frame.height,
    Size: frame.counts.byteLength,
    ...header,
  };
  const text = `{\n${Object.entries(lines)
    .map(([key, value]) => `${key} = ${value} ;\n`)
    .join('')}`;
  const length = Math.ceil((text.length + 2) / 512) * 512;
  const body = Buffer.alloc(frame.counts.length * 2);
  frame.counts.forEach((count, i) => body.writeUInt16LE(count, 2 * i));
  return Buffer.concat([Buffer.from(`${text.padEnd(length - 2)}}\n`, 'latin1'), body]);
}

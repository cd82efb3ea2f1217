/** Numbers of 64 bits as JavaScript's: not exact above 2^53, where every one is refused anyway. */
export const u64be = (bytes: Buffer, at: number): number => Number(bytes.readBigUInt64BE(at));
export const u64le = (bytes: Buffer, at: number): number => Number(bytes.readBigUInt64LE(at));

export const isPowerOfTwo = (value: number): boolean => Number.isInteger(Math.log2(value));

/** The text before the first NUL, one character for each byte. */
export function cText(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString('latin1', 0, end < 0 ? bytes.length : end);
}

export const roundUp = (value: number, to: number): number => Math.ceil(value / to) * to;

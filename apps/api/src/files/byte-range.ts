/** What of a file is to be sent: all of it, a part, or a part that is not there. */
export type ByteRange = { kind: 'whole' } | { kind: 'part'; from: number; length: number } | { kind: 'unsatisfiable' };

const WHOLE: ByteRange = { kind: 'whole' };

/**
 * Reads a `Range` header (RFC 9110, 14.2). Only single ranges of bytes are served; what else may be asked for, or can't be read, gets the
 * whole file, as the RFC allows.
 */
export function byteRange(header: string | undefined, size: number): ByteRange {
  const asked = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.replace(/[ \t]/g, '') ?? '');
  const [, first = '', last = ''] = asked ?? [];
  if (first === '' && last === '') return WHOLE;
  if (first === '') return suffix(Number(last), size);
  const from = Number(first);
  const to = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== '' && Number(last) < from) return WHOLE;
  return from < size ? { kind: 'part', from, length: to - from + 1 } : { kind: 'unsatisfiable' };
}

/** The last `count` bytes. */
function suffix(count: number, size: number): ByteRange {
  const length = Math.min(count, size);
  return length > 0 ? { kind: 'part', from: size - length, length } : { kind: 'unsatisfiable' };
}

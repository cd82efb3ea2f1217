import { isUtf8 } from 'node:buffer';
import type { GuestFile } from '../guest-files';
import { PacketReader } from './packet-reader';
import { ATTRIBUTE, ProtocolViolation } from './protocol';

/** Of a file's mode (POSIX `st_mode`). */
const TYPE = { MASK: 0o170_000, FILE: 0o100_000, FOLDER: 0o040_000, LINK: 0o120_000 } as const;
/** Linux's longest name, bytes. */
const LONGEST_NAME = 255;
/** No server adds that many; each would cost us. */
const MOST_EXTENDED = 16;

export interface Attributes {
  kind: 'file' | 'folder' | 'link' | 'other';
  /** Bytes; null = not told, or more than a number can hold exactly. */
  size: number | null;
  /** Rights alone (`0o777`); null = not told. */
  mode: number | null;
  modifiedAt: Date;
}

/** The structure ATTRS. @throws ProtocolViolation also where a size is negative */
export function readAttributes(reader: PacketReader): Attributes {
  const flags = reader.u32();
  const size = flags & ATTRIBUTE.SIZE ? sizeOf(reader.u64()) : null;
  if (flags & ATTRIBUTE.IDS) {
    reader.u32();
    reader.u32();
  }
  const mode = flags & ATTRIBUTE.PERMISSIONS ? reader.u32() : null;
  let modified = 0;
  if (flags & ATTRIBUTE.TIMES) {
    reader.u32();
    modified = reader.u32();
  }
  if (flags & ATTRIBUTE.EXTENDED) {
    const count = reader.u32();
    if (count > MOST_EXTENDED) throw new ProtocolViolation(`${count} extended attributes`);
    for (let i = 0; i < 2 * count; i++) reader.string();
  }
  return { kind: kindOf(mode), size, mode: mode === null ? null : mode & 0o777, modifiedAt: new Date(modified * 1000) };
}

function sizeOf(value: bigint): number | null {
  if (value >= 1n << 63n) throw new ProtocolViolation('a file of negative size');
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : null;
}

function kindOf(mode: number | null): Attributes['kind'] {
  if (mode === null) return 'other';
  const type = mode & TYPE.MASK;
  if (type === TYPE.FILE) return 'file';
  if (type === TYPE.FOLDER) return 'folder';
  return type === TYPE.LINK ? 'link' : 'other';
}

/** A name as it can be shown; `usable` is false where its bytes are no UTF-8, or too many, so that no path leads to it. */
export function readName(bytes: Buffer): { name: string; usable: boolean } {
  if (bytes.length === 0 || bytes.includes(0) || bytes.includes(0x2f)) {
    throw new ProtocolViolation('a name in a folder is empty or holds a slash or NUL');
  }
  return { name: bytes.toString('utf8'), usable: isUtf8(bytes) && bytes.length <= LONGEST_NAME };
}

/** As the port shows it. */
export function guestFile(name: string, { kind, size, modifiedAt }: Attributes): GuestFile {
  const shown = kind === 'link' || (kind === 'file' && size === null) ? 'other' : kind;
  return { name, kind: shown, size: shown === 'file' ? (size ?? 0) : 0, modifiedAt };
}

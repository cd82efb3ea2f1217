import type { Bytes } from '../bytes/bytes';
import { isPowerOfTwo, u64be } from '../bytes/numbers';
import { demand, Header, inFile, saneDisk } from './header';

export const VHD_COOKIE = Buffer.from('conectix');
const FOOTER_BYTES = 512;
const HEADER_BYTES = 1024;
const ABSENT = 0xffffffff;

/** Judges a VHD, fixed or dynamic. Source: Microsoft, "Virtual Hard Disk Image Format Specification" 1.0. */
export async function readVhd(bytes: Bytes): Promise<Header> {
  const atStart = (await bytes.peek(0, 8)).equals(VHD_COOKIE);
  const footer = await bytes.take(atStart ? 0 : bytes.size - FOOTER_BYTES, FOOTER_BYTES, 'footer');
  demand(footer.readUInt32BE(12) === 0x00010000, 'UNKNOWN_VERSION', `VHD version 0x${footer.readUInt32BE(12).toString(16)}`);
  demand(sumOf(footer, 64) === footer.readUInt32BE(64), 'CORRUPT', 'the checksum of the footer is wrong');
  const kind = footer.readUInt32BE(60);
  demand(kind !== 4, 'PARENT_DISK', 'a differencing disk');
  demand(footer[84] === 0, 'DIRTY', 'of a machine in saved state');
  const virtualBytes = u64be(footer, 48);
  saneDisk(virtualBytes);
  demand(virtualBytes % 512 === 0, 'ABSURD_SIZE', `a disk of ${virtualBytes} bytes`);
  if (kind === 2) {
    demand(!atStart, 'CORRUPT', 'a fixed disk whose footer is at the start');
    demand(virtualBytes + FOOTER_BYTES <= bytes.size, 'TRUNCATED', `${virtualBytes} bytes and a footer in ${bytes.size}`);
    return { format: 'vhd', variant: 'fixed', virtualBytes };
  }
  demand(kind === 3, 'UNKNOWN_FEATURE', `VHD of type ${kind}`);
  demand(atStart, 'CORRUPT', 'a dynamic disk without the copy of its footer at the start');
  await judgeDynamic(bytes, u64be(footer, 16), virtualBytes);
  return { format: 'vhd', variant: 'dynamic', virtualBytes };
}

async function judgeDynamic(bytes: Bytes, headerOffset: number, virtualBytes: number): Promise<void> {
  inFile(bytes, headerOffset, HEADER_BYTES, 'header of the dynamic disk');
  const head = await bytes.take(headerOffset, HEADER_BYTES, 'header of the dynamic disk');
  demand(head.toString('latin1', 0, 8) === 'cxsparse', 'CORRUPT', 'no header of a dynamic disk');
  demand(sumOf(head, 36) === head.readUInt32BE(36), 'CORRUPT', 'the checksum of the header is wrong');
  const names = [...head.subarray(40, 56), ...head.subarray(64, HEADER_BYTES)];
  demand(names.every((byte) => byte === 0), 'PARENT_DISK', 'names a parent');
  const blockBytes = head.readUInt32BE(32);
  const saneBlock = blockBytes >= 4096 && blockBytes <= 2 ** 28 && isPowerOfTwo(blockBytes);
  demand(saneBlock, 'ABSURD_SIZE', `blocks of ${blockBytes} bytes`);
  const entries = head.readUInt32BE(28);
  const needed = Math.ceil(virtualBytes / blockBytes);
  demand(entries >= needed, 'CORRUPT', `${entries} blocks for ${virtualBytes} bytes`);
  // Some programs round the table up; nobody doubles it.
  demand(entries <= needed * 2 + 4096, 'ABSURD_SIZE', `${entries} blocks for ${virtualBytes} bytes`);
  const position = u64be(head, 16);
  inFile(bytes, position, entries * 4, 'table of blocks');
  // Before each block a map of its sectors, in whole sectors.
  const mapBytes = Math.ceil(blockBytes / 512 / 8 / 512) * 512;
  await bytes.table({ position, entries, entryBytes: 4, what: 'table of blocks' }, (piece) => {
    for (let at = 0; at < piece.length; at += 4) {
      const sector = piece.readUInt32BE(at);
      if (sector === ABSENT) continue;
      const end = sector * 512 + mapBytes + blockBytes;
      demand(end <= bytes.size, 'TRUNCATED', `block up to ${end} of ${bytes.size}`);
    }
  });
}

/** The one's complement of the sum of all bytes but the checksum's own. */
export function sumOf(bytes: Buffer, checksumAt: number): number {
  let sum = 0;
  bytes.forEach((byte, at) => (sum += at >= checksumAt && at < checksumAt + 4 ? 0 : byte));
  return ~sum >>> 0;
}

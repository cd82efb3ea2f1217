import type { Bytes } from '../bytes/bytes';
import { isPowerOfTwo, u64le } from '../bytes/numbers';
import { demand, Header, inFile, saneDisk } from './header';

export const VDI_SIGNATURE = 0xbeda107f;
/** Blocks that are not in the file: never written, and written with zeros. */
const FIRST_ABSENT = 0xfffffffe;

/** Judges a VDI of version 1.1: dynamic or fixed, without parent. Source: QEMU, block/vdi.c; VirtualBox, VDICore.h. */
export async function readVdi(bytes: Bytes): Promise<Header> {
  const head = await bytes.take(0, 512, 'header');
  const version = head.readUInt32LE(0x44);
  demand(version === 0x00010001, 'UNKNOWN_VERSION', `VDI version 0x${version.toString(16)}`);
  const kind = head.readUInt32LE(0x4c);
  // 1 dynamic, 2 fixed, 3 undo, 4 differencing.
  demand(kind !== 3 && kind !== 4, 'PARENT_DISK', `VDI of type ${kind}`);
  demand(kind === 1 || kind === 2, 'UNKNOWN_FEATURE', `VDI of type ${kind}`);
  const isNone = (at: number) => head.subarray(at, at + 16).every((byte) => byte === 0);
  demand(isNone(0x1a8) && isNone(0x1b8), 'PARENT_DISK', 'VDI with the identity of a parent');
  const virtualBytes = u64le(head, 0x170);
  saneDisk(virtualBytes);
  const blockBytes = head.readUInt32LE(0x178);
  const blocks = head.readUInt32LE(0x180);
  const allocated = head.readUInt32LE(0x184);
  demand(head.readUInt32LE(0x168) === 512, 'UNKNOWN_FEATURE', `sectors of ${head.readUInt32LE(0x168)} bytes`);
  const saneBlock = blockBytes >= 4096 && blockBytes <= 2 ** 28 && isPowerOfTwo(blockBytes);
  demand(saneBlock, 'ABSURD_SIZE', `blocks of ${blockBytes} bytes`);
  demand(head.readUInt32LE(0x17c) === 0, 'UNKNOWN_FEATURE', 'blocks with something before them');
  demand(blocks === Math.ceil(virtualBytes / blockBytes), 'ABSURD_SIZE', `${blocks} blocks for ${virtualBytes} bytes`);
  demand(allocated <= blocks, 'ABSURD_SIZE', `${allocated} of ${blocks} blocks`);
  const mapOffset = head.readUInt32LE(0x154);
  const dataOffset = head.readUInt32LE(0x158);
  const aligned = mapOffset % 512 === 0 && dataOffset % 512 === 0 && mapOffset >= 512;
  demand(aligned && dataOffset >= mapOffset + blocks * 4, 'OUTSIDE_FILE', `map at ${mapOffset}, data at ${dataOffset}`);
  inFile(bytes, mapOffset, blocks * 4, 'map of blocks');
  const end = dataOffset + allocated * blockBytes;
  demand(end <= bytes.size, 'TRUNCATED', `blocks up to ${end} of ${bytes.size}`);
  await bytes.table({ position: mapOffset, entries: blocks, entryBytes: 4, what: 'map of blocks' }, (piece) => {
    for (let at = 0; at < piece.length; at += 4) {
      const block = piece.readUInt32LE(at);
      demand(block >= FIRST_ABSENT || block < allocated, 'CORRUPT', `block ${block} of ${allocated}`);
    }
  });
  return { format: 'vdi', variant: kind === 1 ? 'dynamic' : 'fixed', virtualBytes };
}

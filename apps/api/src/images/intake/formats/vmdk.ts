import type { Bytes } from '../bytes/bytes';
import { cText, isPowerOfTwo, u64le } from '../bytes/numbers';
import { ImageRefusedError } from '../image-refused';
import { demand, Header, inFile, saneDisk } from './header';
import { judgeEmbedded, refuseDescriptorFile } from './vmdk-descriptor';

export const VMDK_SPARSE = Buffer.from('KDMV');
const SECTOR = 512;
/** As much of a descriptor as QEMU reads (DESC_SIZE of block/vmdk.c); more is read of one that says it is longer. */
const DESCRIPTOR_BYTES = 20 * SECTOR;
const LONGEST_DESCRIPTOR = 128 * SECTOR;
const AT_END = 0xffffffffffffffffn;
const ZERO_GRAINS = 4;
const COMPRESSED = 0x10000;

/**
 * Judges a VMDK in one file: monolithicSparse or streamOptimized. Source: VMware, "Virtual Disk Format 5.0"; QEMU, block/vmdk.c.
 */
export async function readVmdk(bytes: Bytes): Promise<Header> {
  const head = await bytes.take(0, SECTOR, 'header');
  const version = head.readUInt32LE(4);
  demand(version >= 1 && version <= 3, 'UNKNOWN_VERSION', `VMDK version ${version}`);
  const { createType } = await readDescriptor(bytes, head);
  const capacity = u64le(head, 12);
  // With capacity 0 QEMU takes the descriptor for the disk, with all the files that it names.
  demand(capacity > 0, 'NAMES_OTHER_FILE', 'a disk whose descriptor alone counts');
  saneDisk(capacity * SECTOR);
  const directory = head.readBigUInt64LE(56) === AT_END ? await readFooter(bytes, capacity) : head;
  await walkGrains(bytes, directory);
  return { format: 'vmdk', variant: createType, virtualBytes: capacity * SECTOR };
}

/** A descriptor that is a file of its own. */
export async function readVmdkDescriptor(bytes: Bytes): Promise<never> {
  demand(bytes.size <= LONGEST_DESCRIPTOR, 'ABSURD_SIZE', `a descriptor of ${bytes.size} bytes`);
  return refuseDescriptorFile((await bytes.take(0, bytes.size, 'descriptor')).toString('latin1'));
}

async function readDescriptor(bytes: Bytes, head: Buffer): Promise<{ createType: string }> {
  const offset = u64le(head, 28) * SECTOR;
  const length = u64le(head, 36) * SECTOR;
  // An extent of a disk that has its descriptor in another file.
  demand(offset > 0 && length > 0, 'SEVERAL_FILES', 'an extent without a descriptor');
  demand(length <= LONGEST_DESCRIPTOR, 'ABSURD_SIZE', `a descriptor of ${length} bytes`);
  inFile(bytes, offset, length, 'descriptor');
  const read = Math.min(Math.max(length, DESCRIPTOR_BYTES), bytes.size - offset);
  const text = cText(await bytes.take(offset, read, 'descriptor'));
  return judgeEmbedded(text);
}

/** A streamOptimized disk was written in one go: where its directory is, it says at its end. */
async function readFooter(bytes: Bytes, capacity: number): Promise<Buffer> {
  const marker = await bytes.take(bytes.size - 3 * SECTOR, SECTOR, 'footer');
  const footer = await bytes.take(bytes.size - 2 * SECTOR, SECTOR, 'footer');
  const whole = marker.readUInt32LE(12) === 3 && footer.subarray(0, 4).equals(VMDK_SPARSE);
  demand(whole, 'TRUNCATED', 'no footer at the end');
  demand(u64le(footer, 12) === capacity, 'CORRUPT', 'header and footer disagree about the size');
  if (footer.readBigUInt64LE(56) === AT_END) throw new ImageRefusedError('CORRUPT', 'the footer does not say where the directory is');
  return footer;
}

async function walkGrains(bytes: Bytes, head: Buffer): Promise<void> {
  const flags = head.readUInt32LE(8);
  const grain = u64le(head, 20);
  const perTable = head.readUInt32LE(44);
  demand(grain >= 1 && grain <= 4096 && isPowerOfTwo(grain), 'ABSURD_SIZE', `grains of ${grain} sectors`);
  demand(perTable >= 1 && perTable <= 512, 'ABSURD_SIZE', `${perTable} entries in a table`);
  const algorithm = head.readUInt16LE(77);
  demand(algorithm <= 1 && (flags & COMPRESSED) === (algorithm ? COMPRESSED : 0), 'UNKNOWN_FEATURE', `compression ${algorithm}`);
  const tables = Math.ceil(u64le(head, 12) / (grain * perTable));
  const position = u64le(head, 56) * SECTOR;
  demand(tables * 4 <= 32 * 1024 * 1024, 'ABSURD_SIZE', `${tables} tables`);
  demand(position > 0, 'OUTSIDE_FILE', 'a directory in the header');
  inFile(bytes, position, tables * 4, 'directory');
  const found: number[] = [];
  await bytes.table({ position, entries: tables, entryBytes: 4, what: 'directory' }, (piece) => {
    for (let at = 0; at < piece.length; at += 4) if (piece.readUInt32LE(at)) found.push(piece.readUInt32LE(at) * SECTOR);
  });
  let last = 0;
  const present = (flags & ZERO_GRAINS) === 0 ? 1 : 2;
  for (const at of found) {
    demand(at + perTable * 4 <= bytes.size, 'TRUNCATED', `table at ${at} of ${bytes.size}`);
    const whole = await bytes.table({ position: at, entries: perTable, entryBytes: 4, what: 'table' }, (piece) => {
      for (let entry = 0; entry < piece.length; entry += 4) {
        const sector = piece.readUInt32LE(entry);
        if (sector >= present) last = Math.max(last, sector);
      }
    });
    if (!whole) break;
  }
  if (last > 0) await judgeLastGrain(bytes, last * SECTOR, algorithm === 1);
}

/** If the grain that lies farthest behind is there, all are. A compressed one says its size after its place (12 bytes in all). */
async function judgeLastGrain(bytes: Bytes, position: number, compressed: boolean): Promise<void> {
  const head = await bytes.take(position, 12, 'grain');
  const end = position + 12 + (compressed ? head.readUInt32LE(8) : 0);
  demand(end <= bytes.size, 'TRUNCATED', `grain up to ${end} of ${bytes.size}`);
}

import { Bytes } from '../bytes/bytes';
import { isPowerOfTwo, u64le } from '../bytes/numbers';
import { ImageRefusedError } from '../image-refused';
import { crc32c } from './crc32c';
import { guid } from './guid';
import { demand, Header, inFile, saneDisk } from './header';
import { readVhdxMetadata } from './vhdx-metadata';

const KIB = 1024;
const MIB = 1024 * KIB;
const HEADERS = [64 * KIB, 128 * KIB];
const REGION_TABLES = [192 * KIB, 256 * KIB];
const BAT = guid('2dc27766-f623-4200-9d64-115e9bfd4a08');
const METADATA = guid('8b7ca206-4790-4b9a-b8fe-575f050f886e');
const FULLY_PRESENT = 6;
const PARTLY_PRESENT = 7;

interface Region {
  position: number;
  length: number;
}

/** Judges a VHDX without parent and without a log to replay. Source: Microsoft, [MS-VHDX]. */
export async function readVhdx(bytes: Bytes): Promise<Header> {
  await judgeHeader(bytes);
  const { bat, metadata } = await readRegions(bytes);
  const { blockBytes, virtualBytes, sectorBytes } = await readVhdxMetadata(bytes, metadata);
  saneDisk(virtualBytes);
  const saneBlock = blockBytes >= MIB && blockBytes <= 256 * MIB && isPowerOfTwo(blockBytes);
  demand(saneBlock, 'ABSURD_SIZE', `blocks of ${blockBytes} bytes`);
  demand(sectorBytes === 512 || sectorBytes === 4096, 'ABSURD_SIZE', `sectors of ${sectorBytes} bytes`);
  // After so many blocks stands an entry for their map of sectors.
  const ratio = (2 ** 23 * sectorBytes) / blockBytes;
  const blocks = Math.ceil(virtualBytes / blockBytes);
  const entries = blocks + Math.floor((blocks - 1) / ratio);
  demand(entries * 8 <= bat.length, 'CORRUPT', `a table of ${bat.length} bytes for ${entries} blocks`);
  await bytes.table({ position: bat.position, entries, entryBytes: 8, what: 'table of blocks' }, (piece, first) => {
    for (let at = 0; at < piece.length; at += 8) {
      if ((first + at / 8 + 1) % (ratio + 1) !== 0) judgeBlock(bytes, piece.readBigUInt64LE(at), blockBytes);
    }
  });
  return { format: 'vhdx', variant: '', virtualBytes };
}

function judgeBlock(bytes: Bytes, entry: bigint, blockBytes: number): void {
  const state = Number(entry & 7n);
  demand(state !== PARTLY_PRESENT, 'PARENT_DISK', 'a block that is there in part, the rest in a parent');
  demand(state <= FULLY_PRESENT && state !== 4 && state !== 5, 'CORRUPT', `a block in state ${state}`);
  if (state !== FULLY_PRESENT) return;
  const end = Number(entry >> 20n) * MIB + blockBytes;
  demand(end <= bytes.size, 'TRUNCATED', `block up to ${end} of ${bytes.size}`);
}

/** Of the two headers that one counts whose sum is right and whose number is higher. */
async function judgeHeader(bytes: Bytes): Promise<void> {
  let current: Buffer | null = null;
  for (const at of HEADERS) {
    const head = await bytes.take(at, 4 * KIB, 'header');
    if (head.toString('latin1', 0, 4) !== 'head' || !sumHolds(head)) continue;
    if (!current || head.readBigUInt64LE(8) > current.readBigUInt64LE(8)) current = head;
  }
  if (!current) throw new ImageRefusedError('CORRUPT', 'no header whose checksum is right');
  demand(current.readUInt16LE(66) === 1, 'UNKNOWN_VERSION', `VHDX version ${current.readUInt16LE(66)}`);
  demand(current.subarray(48, 64).every((byte) => byte === 0), 'DIRTY', 'its log was not replayed');
  inFile(bytes, u64le(current, 72), current.readUInt32LE(68), 'log');
}

async function readRegions(bytes: Bytes): Promise<{ bat: Region; metadata: Region }> {
  for (const at of REGION_TABLES) {
    const table = await bytes.take(at, 64 * KIB, 'region table');
    if (table.toString('latin1', 0, 4) !== 'regi' || !sumHolds(table)) continue;
    const count = table.readUInt32LE(8);
    demand(count <= 2047, 'ABSURD_SIZE', `${count} regions`);
    const regions = Array.from({ length: count }, (_, n) => table.subarray(16 + 32 * n, 48 + 32 * n));
    const known = (region: Buffer) => [BAT, METADATA].some((id) => id.equals(region.subarray(0, 16)));
    const strange = regions.find((region) => !known(region) && (region.readUInt32LE(28) & 1) === 1);
    demand(!strange, 'UNKNOWN_FEATURE', 'a region that must be known and is not');
    return { bat: regionOf(bytes, regions, BAT, 'table of blocks'), metadata: regionOf(bytes, regions, METADATA, 'metadata') };
  }
  throw new ImageRefusedError('CORRUPT', 'no region table whose checksum is right');
}

function regionOf(bytes: Bytes, regions: Buffer[], id: Buffer, what: string): Region {
  const found = regions.filter((region) => id.equals(region.subarray(0, 16)));
  demand(found.length === 1, 'CORRUPT', `${found.length} regions: ${what}`);
  const position = u64le(found[0], 16);
  const length = found[0].readUInt32LE(24);
  demand(position >= MIB && position % MIB === 0 && length % MIB === 0, 'CORRUPT', `${what}: ${length} bytes at ${position}`);
  inFile(bytes, position, length, what);
  return { position, length };
}

/** CRC-32C of all, with four zeros in the checksum's place. */
function sumHolds(structure: Buffer): boolean {
  const copy = Buffer.from(structure);
  copy.writeUInt32LE(0, 4);
  return crc32c(copy) === structure.readUInt32LE(4);
}

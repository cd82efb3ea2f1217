import type { Bytes } from '../bytes/bytes';
import { roundUp, u64le } from '../bytes/numbers';
import { demand, Header } from './header';

const SECTOR = 512;
const PARTITION = 16;
const GPT = Buffer.from('EFI PART');

/** What a raw disk shows of itself: a GPT, an MBR with partitions, a boot sector; "" = nothing at all. */
export async function rawMark(bytes: Bytes): Promise<'gpt' | 'mbr' | 'boot' | ''> {
  const start = await bytes.peek(0, SECTOR);
  if (start.length < SECTOR || start.readUInt16LE(510) !== 0xaa55) return '';
  for (const sector of [512, 4096]) if ((await bytes.peek(sector, 8)).equals(GPT)) return 'gpt';
  return partitions(start).length > 0 ? 'mbr' : 'boot';
}

/** Judges a disk that is nothing but its content. @param mark what `rawMark` said; '' = taken on explicit wish */
export async function readRaw(bytes: Bytes, mark: Awaited<ReturnType<typeof rawMark>>): Promise<Header> {
  const last = mark === 'gpt' ? await endOfGpt(bytes) : mark === 'mbr' ? endOfMbr(await bytes.take(0, SECTOR, 'boot sector')) : 0;
  demand(last <= bytes.size, 'TRUNCATED', `partitions up to ${last} of ${bytes.size}`);
  return { format: 'raw', variant: mark, virtualBytes: roundUp(bytes.size, SECTOR) };
}

/** Of the four entries those in use; none where the place of the table holds something else (a boot sector's code). */
function partitions(start: Buffer): Buffer[] {
  const entries = [0, 1, 2, 3].map((n) => start.subarray(446 + n * PARTITION, 446 + (n + 1) * PARTITION));
  if (entries.some((entry) => entry[0] !== 0 && entry[0] !== 0x80)) return [];
  return entries.filter((entry) => entry[4] !== 0 && entry.readUInt32LE(8) > 0 && entry.readUInt32LE(12) > 0);
}

/** In sectors of 512 bytes. The entry that only protects a GPT says more than there is, often on purpose. */
function endOfMbr(start: Buffer): number {
  const real = partitions(start).filter((entry) => entry[4] !== 0xee);
  return Math.max(0, ...real.map((entry) => (entry.readUInt32LE(8) + entry.readUInt32LE(12)) * SECTOR));
}

/** The copy of a GPT lies in the last sector of the disk (UEFI 5.3.2). */
async function endOfGpt(bytes: Bytes): Promise<number> {
  const sector = (await bytes.peek(512, 8)).equals(GPT) ? 512 : 4096;
  const head = await bytes.take(sector, 92, 'GPT');
  return (u64le(head, 32) + 1) * sector;
}

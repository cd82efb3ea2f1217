import type { Bytes } from '../bytes/bytes';
import { demand } from './header';
import type { Qcow2Header } from './qcow2';

const OFFSET = 0x00fffffffffffe00n;
const COMPRESSED = 1n << 62n;

/**
 * Follows the L1 table to the L2 tables and these to the clusters, as far as the allowance reaches: each must lie in the file, or the
 * file was cut off.
 */
export async function walkClusters(bytes: Bytes, header: Qcow2Header): Promise<void> {
  const { clusterBytes, l1Offset, l1Entries } = header;
  const tables: number[] = [];
  await bytes.table({ position: l1Offset, entries: l1Entries, entryBytes: 8, what: 'L1 table' }, (piece) => {
    for (let at = 0; at < piece.length; at += 8) {
      const offset = Number(piece.readBigUInt64BE(at) & OFFSET);
      if (offset === 0) continue;
      demand(offset % clusterBytes === 0, 'CORRUPT', `an L2 table at ${offset}, not at a cluster's start`);
      demand(offset + clusterBytes <= bytes.size, 'TRUNCATED', `L2 table at ${offset} of ${bytes.size}`);
      tables.push(offset);
    }
  });
  const entryBytes = header.extendedL2 ? 16 : 8;
  for (const position of tables) {
    const whole = await bytes.table({ position, entries: clusterBytes / entryBytes, entryBytes, what: 'L2 table' }, (piece) => {
      for (let at = 0; at < piece.length; at += entryBytes) judgeEntry(bytes, clusterBytes, piece.readBigUInt64BE(at));
    });
    if (!whole) return;
  }
}

function judgeEntry(bytes: Bytes, clusterBytes: number, entry: bigint): void {
  if ((entry & COMPRESSED) !== 0n) return judgeCompressed(bytes, clusterBytes, entry);
  const offset = Number(entry & OFFSET);
  if (offset === 0) return;
  demand(offset % clusterBytes === 0, 'CORRUPT', `a cluster at ${offset}, not at a cluster's start`);
  // The last cluster of a file may be there in part (as QEMU's check has it), but not without its start.
  demand(offset < bytes.size, 'TRUNCATED', `cluster at ${offset} of ${bytes.size}`);
}

/** "Compressed Clusters Descriptor" of the format: an offset, and above it the number of further sectors of 512 bytes. */
function judgeCompressed(bytes: Bytes, clusterBytes: number, entry: bigint): void {
  const bits = BigInt(62 - (Math.log2(clusterBytes) - 8));
  const offset = Number(entry & ((1n << bits) - 1n));
  demand(offset > 0, 'CORRUPT', 'a compressed cluster in the header');
  demand(offset < bytes.size, 'TRUNCATED', `compressed cluster at ${offset} of ${bytes.size}`);
}

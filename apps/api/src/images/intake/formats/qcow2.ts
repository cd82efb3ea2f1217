import type { Bytes } from '../bytes/bytes';
import { u64be } from '../bytes/numbers';
import { ImageRefusedError } from '../image-refused';
import { demand, Header, inFile, isProtocol, saneDisk } from './header';
import { walkClusters } from './qcow2-clusters';

/** Sizes and offsets of a header, in bytes. Source: QEMU, docs/interop/qcow2.txt. */
export interface Qcow2Header {
  version: number;
  clusterBytes: number;
  virtualBytes: number;
  l1Entries: number;
  l1Offset: number;
  extendedL2: boolean;
  headerBytes: number;
}

/** Limits of QEMU's own driver (block/qcow2.h). */
const MOST_L1_BYTES = 32 * 1024 * 1024;
const MOST_REFCOUNT_TABLE_BYTES = 8 * 1024 * 1024;
const MOST_SNAPSHOTS = 65536;
/** Ours: five kinds are known. */
const MOST_EXTENSIONS = 64;

const DIRTY = 1n << 0n;
const CORRUPT = 1n << 1n;
const EXTERNAL_DATA = 1n << 2n;
const COMPRESSION_TYPE = 1n << 3n;
const EXTENDED_L2 = 1n << 4n;
const KNOWN = DIRTY | CORRUPT | EXTERNAL_DATA | COMPRESSION_TYPE | EXTENDED_L2;

/** Judges a qcow2 of version 2 or 3: it names no other file, says nothing we do not know, and all its tables lie in the file. */
export async function readQcow2(bytes: Bytes): Promise<Header> {
  const start = await bytes.take(0, 72, 'header');
  const version = start.readUInt32BE(4);
  demand(version === 2 || version === 3, 'UNKNOWN_VERSION', `qcow version ${version}`);
  const clusterBits = start.readUInt32BE(20);
  demand(clusterBits >= 9 && clusterBits <= 21, 'ABSURD_SIZE', `clusters of 2^${clusterBits} bytes`);
  const clusterBytes = 2 ** clusterBits;
  await refuseBackingFile(bytes, start, clusterBytes);
  demand(start.readUInt32BE(32) === 0, 'ENCRYPTED', `encryption method ${start.readUInt32BE(32)}`);
  const { extendedL2, headerBytes } = version === 3 ? await readVersion3(bytes, clusterBytes) : { extendedL2: false, headerBytes: 72 };
  await readExtensions(bytes, headerBytes, clusterBytes);
  const header = {
    ...{ version, clusterBytes, extendedL2, headerBytes },
    virtualBytes: u64be(start, 24),
    l1Entries: start.readUInt32BE(36),
    l1Offset: u64be(start, 40),
  };
  saneDisk(header.virtualBytes);
  judgeTables(bytes, header, start);
  await walkClusters(bytes, header);
  return { format: 'qcow2', variant: `v${version}`, virtualBytes: header.virtualBytes };
}

async function refuseBackingFile(bytes: Bytes, start: Buffer, clusterBytes: number): Promise<void> {
  const offset = u64be(start, 8);
  if (offset === 0) return;
  const length = Math.min(start.readUInt32BE(16), 1023);
  const inside = offset + length <= Math.min(clusterBytes, bytes.size);
  const name = inside ? (await bytes.take(offset, length, 'name of the backing file')).toString('latin1') : '(outside the header)';
  throw new ImageRefusedError(isProtocol(name) ? 'REMOTE_REFERENCE' : 'BACKING_FILE', `backing file ${name}`);
}

async function readVersion3(bytes: Bytes, clusterBytes: number): Promise<{ extendedL2: boolean; headerBytes: number }> {
  const rest = await bytes.take(72, 32, 'header');
  const features = rest.readBigUInt64BE(0);
  // First what is unknown: then nothing else of the file may be believed.
  demand((features & ~KNOWN) === 0n, 'UNKNOWN_FEATURE', `incompatible features 0x${features.toString(16)}`);
  demand((features & EXTERNAL_DATA) === 0n, 'DATA_FILE', 'incompatible feature: external data file');
  demand((features & CORRUPT) === 0n, 'CORRUPT', 'marked as corrupt');
  demand((features & DIRTY) === 0n, 'DIRTY', 'marked as dirty');
  demand(rest.readUInt32BE(24) <= 6, 'ABSURD_SIZE', `refcounts of 2^${rest.readUInt32BE(24)} bits`);
  const headerBytes = rest.readUInt32BE(28);
  const sane = headerBytes >= 104 && headerBytes <= clusterBytes && headerBytes % 8 === 0;
  demand(sane, 'ABSURD_SIZE', `a header of ${headerBytes} bytes`);
  const compression = headerBytes > 104 ? (await bytes.take(104, 1, 'header'))[0] : 0;
  // 0 zlib, 1 zstd; the bit is set for all but zlib.
  const coherent = compression === ((features & COMPRESSION_TYPE) === 0n ? 0 : 1);
  demand(coherent, 'UNKNOWN_FEATURE', `compression type ${compression}, features 0x${features.toString(16)}`);
  const extendedL2 = (features & EXTENDED_L2) !== 0n;
  demand(!extendedL2 || clusterBytes >= 16384, 'ABSURD_SIZE', `subclusters in clusters of ${clusterBytes} bytes`);
  return { extendedL2, headerBytes };
}

/** Header extensions: some name a file or a key; those only an older or newer QEMU knows say nothing that matters (it ignores them too). */
async function readExtensions(bytes: Bytes, from: number, clusterBytes: number): Promise<void> {
  const end = Math.min(clusterBytes, bytes.size);
  for (let at = from, count = 0; at + 8 <= end; count++) {
    demand(count < MOST_EXTENSIONS, 'ABSURD_SIZE', `more than ${MOST_EXTENSIONS} header extensions`);
    const head = await bytes.take(at, 8, 'header extension');
    const type = head.readUInt32BE(0);
    const length = head.readUInt32BE(4);
    if (type === 0) return;
    demand(at + 8 + length <= end, 'OUTSIDE_FILE', `header extension of ${length} bytes at ${at}`);
    if (type === 0x44415441) {
      const name = (await bytes.take(at + 8, Math.min(length, 1023), 'name of the data file')).toString('latin1');
      throw new ImageRefusedError(isProtocol(name) ? 'REMOTE_REFERENCE' : 'DATA_FILE', `data file ${name}`);
    }
    demand(type !== 0x0537be77, 'ENCRYPTED', 'header extension: full disk encryption');
    at += 8 + Math.ceil(length / 8) * 8;
  }
}

function judgeTables(bytes: Bytes, { clusterBytes, virtualBytes, l1Entries, l1Offset, extendedL2 }: Qcow2Header, start: Buffer): void {
  demand(l1Entries * 8 <= MOST_L1_BYTES, 'ABSURD_SIZE', `an L1 table of ${l1Entries} entries`);
  const needed = Math.ceil(virtualBytes / (clusterBytes * (clusterBytes / (extendedL2 ? 16 : 8))));
  demand(needed * 8 <= MOST_L1_BYTES, 'ABSURD_SIZE', `a disk of ${virtualBytes} bytes in clusters of ${clusterBytes}`);
  demand(l1Entries >= needed, 'CORRUPT', `an L1 table of ${l1Entries} entries where ${needed} are needed`);
  const refcountOffset = u64be(start, 48);
  const refcountBytes = start.readUInt32BE(56) * clusterBytes;
  demand(refcountBytes <= MOST_REFCOUNT_TABLE_BYTES, 'ABSURD_SIZE', `a refcount table of ${refcountBytes} bytes`);
  demand(refcountBytes > 0 && refcountOffset > 0, 'CORRUPT', 'no refcount table');
  const snapshots = start.readUInt32BE(60);
  const snapshotsOffset = u64be(start, 64);
  demand(snapshots <= MOST_SNAPSHOTS, 'ABSURD_SIZE', `${snapshots} snapshots`);
  const offsets = [l1Offset, refcountOffset, ...(snapshots ? [snapshotsOffset] : [])];
  for (const at of offsets) demand(at % clusterBytes === 0, 'CORRUPT', `a table at ${at}, not at a cluster's start`);
  inFile(bytes, l1Offset, l1Entries * 8, 'L1 table');
  inFile(bytes, refcountOffset, refcountBytes, 'refcount table');
  // The shortest entry of the table has 40 bytes.
  if (snapshots) inFile(bytes, snapshotsOffset, snapshots * 40, 'snapshot table');
}

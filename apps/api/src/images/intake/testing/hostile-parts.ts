import { guid } from '../formats/guid';

/** A VMDK descriptor with these extents. */
export const descriptor = (createType: string, extents: string): string =>
  [
    '# Disk DescriptorFile',
    'version=1',
    'CID=fffffffe',
    'parentCID=ffffffff',
    `createType="${createType}"`,
    '# Extent description',
    extents,
    '# The Disk Data Base',
    'ddb.adapterType = "ide"',
    '',
  ].join('\n');

const MIB = 1048576;

/** Where the metadata of a VHDX lie: as its first region table says. */
function metadataOf(bytes: Buffer): Buffer {
  const table = bytes.subarray(192 * 1024, 256 * 1024);
  const id = guid('8b7ca206-4790-4b9a-b8fe-575f050f886e');
  const at = Number(table.readBigUInt64LE(table.indexOf(id) + 16));
  return bytes.subarray(at, at + MIB);
}

/** The entry of an item, and the item. */
function item(bytes: Buffer, id: string): { entry: Buffer; value: Buffer } {
  const metadata = metadataOf(bytes);
  const at = metadata.indexOf(guid(id));
  const entry = metadata.subarray(at, at + 32);
  return { entry, value: metadata.subarray(entry.readUInt32LE(16)) };
}

const PARAMETERS = 'caa16737-fa36-4d43-b3b6-33f0aa44e76b';
const SIZE = '2fa54224-cd1b-4876-b211-5dbed83bf4b8';
const PAGE_83 = 'beca12ab-b2e6-4523-93ef-c309e000c746';
const PARENT_LOCATOR = 'a8d35f2d-b30b-454d-abf7-d3d84834ab0c';

/** Changes of a good VHDX. */
export const vhdx = {
  hasParent: (bytes: Buffer) => void item(bytes, PARAMETERS).value.writeUInt32LE(2, 4),
  /** In the place of an item that nobody needs. */
  parentLocator: (bytes: Buffer) => void guid(PARENT_LOCATOR).copy(item(bytes, PAGE_83).entry),
  size: (value: bigint) => (bytes: Buffer) => void item(bytes, SIZE).value.writeBigUInt64LE(value, 0),
  /** Both headers say that there is a log to replay. */
  logToReplay: (sum: (bytes: Buffer) => number) => (bytes: Buffer) => {
    for (const at of [64 * 1024, 128 * 1024]) {
      const head = bytes.subarray(at, at + 4096);
      head.write('a log, by a guid', 48, 'latin1');
      head.writeUInt32LE(0, 4);
      head.writeUInt32LE(sum(head), 4);
    }
  },
};

import type { Bytes } from '../bytes/bytes';
import { u64le } from '../bytes/numbers';
import { ImageRefusedError } from '../image-refused';
import { guid } from './guid';
import { demand } from './header';

const TABLE_BYTES = 64 * 1024;
const items = {
  parameters: guid('caa16737-fa36-4d43-b3b6-33f0aa44e76b'),
  size: guid('2fa54224-cd1b-4876-b211-5dbed83bf4b8'),
  page83: guid('beca12ab-b2e6-4523-93ef-c309e000c746'),
  sector: guid('8141bf1d-a96f-4709-ba47-f233a8faab5f'),
  physicalSector: guid('cda348c7-445d-4471-9cc9-e9885251c556'),
  parent: guid('a8d35f2d-b30b-454d-abf7-d3d84834ab0c'),
};
const IS_REQUIRED = 4;
const HAS_PARENT = 2;

/** What the metadata region of a VHDX says. @throws ImageRefusedError PARENT_DISK and what else is wrong */
export async function readVhdxMetadata(
  bytes: Bytes,
  region: { position: number; length: number },
): Promise<{ blockBytes: number; virtualBytes: number; sectorBytes: number }> {
  demand(region.length >= TABLE_BYTES, 'CORRUPT', `metadata of ${region.length} bytes`);
  const table = await bytes.take(region.position, TABLE_BYTES, 'metadata');
  demand(table.toString('latin1', 0, 8) === 'metadata', 'CORRUPT', 'no metadata');
  const count = table.readUInt16LE(10);
  demand(count <= 2047, 'ABSURD_SIZE', `${count} items of metadata`);
  const entries = Array.from({ length: count }, (_, n) => table.subarray(32 + 32 * n, 64 + 32 * n));
  const find = (id: Buffer) => entries.find((entry) => id.equals(entry.subarray(0, 16)));
  demand(!find(items.parent), 'PARENT_DISK', 'names a parent');
  const known = (entry: Buffer) => Object.values(items).some((id) => id.equals(entry.subarray(0, 16)));
  const strange = entries.find((entry) => !known(entry) && (entry.readUInt32LE(24) & IS_REQUIRED) !== 0);
  demand(!strange, 'UNKNOWN_FEATURE', 'an item of metadata that must be known and is not');

  const value = async (name: 'parameters' | 'size' | 'sector', length: number) => {
    const entry = find(items[name]);
    if (!entry) throw new ImageRefusedError('CORRUPT', `no ${name} in the metadata`);
    const offset = entry.readUInt32LE(16);
    const inside = entry.readUInt32LE(20) === length && offset >= TABLE_BYTES && offset + length <= region.length;
    demand(inside, 'OUTSIDE_FILE', `${name}: ${entry.readUInt32LE(20)} bytes at ${offset} of the metadata`);
    return bytes.take(region.position + offset, length, name, 'OUTSIDE_FILE');
  };
  const parameters = await value('parameters', 8);
  demand((parameters.readUInt32LE(4) & HAS_PARENT) === 0, 'PARENT_DISK', 'a differencing disk');
  return {
    blockBytes: parameters.readUInt32LE(0),
    virtualBytes: u64le(await value('size', 8), 0),
    sectorBytes: (await value('sector', 4)).readUInt32LE(0),
  };
}

/** ISO 9660 (ECMA-119): everything lies in sectors of this size. */
const SECTOR = 2048;
/** The first 16 are for whoever boots from a CD; empty here. */
const [DESCRIPTOR, END, PATHS_LITTLE, PATHS_BIG, ROOT, FIRST_FILE] = [16, 17, 18, 19, 20, 21];
/** The path table of one root folder. */
const PATHS_BYTES = 10;

/**
 * A CD's content with plain files in its root folder, nothing else: all that cloud-init's NoCloud source asks for. The names stay as they are
 * (lower case and hyphens, which the standard leaves to agreement); Linux, the BSDs and Windows read them so.
 * @param label at most 32 bytes of ASCII
 * @throws RangeError more than the root folder's one sector has room for
 */
export function iso9660(label: string, files: Record<string, string>): Buffer {
  const named = Object.entries(files).sort(([one], [other]) => (one < other ? -1 : 1));
  let next = FIRST_FILE;
  const placed = named.map(([name, text]) => {
    const content = Buffer.from(text, 'utf8');
    const sector = next;
    next += sectorsOf(content.length);
    return { name, content, sector };
  });
  const root = Buffer.concat([
    folderRecord('\0', ROOT, SECTOR, true),
    folderRecord('\u0001', ROOT, SECTOR, true),
    ...placed.map(({ name, content, sector }) => folderRecord(`${name};1`, sector, content.length, false)),
  ]);
  if (root.length > SECTOR) throw new RangeError('too many files for one folder');
  const disc = Buffer.alloc(next * SECTOR);
  descriptor(label, next).copy(disc, DESCRIPTOR * SECTOR);
  disc.write('\u00ffCD001\u0001', END * SECTOR, 'latin1');
  pathTable(true).copy(disc, PATHS_LITTLE * SECTOR);
  pathTable(false).copy(disc, PATHS_BIG * SECTOR);
  root.copy(disc, ROOT * SECTOR);
  for (const { content, sector } of placed) content.copy(disc, sector * SECTOR);
  return disc;
}

const sectorsOf = (bytes: number) => Math.max(1, Math.ceil(bytes / SECTOR));

/** 8.4: the primary volume descriptor. No dates: equal content is an equal disc. */
function descriptor(label: string, sectors: number): Buffer {
  const d = Buffer.alloc(SECTOR);
  d.write('\u0001CD001\u0001', 0, 'latin1');
  d.fill(' ', 8, 72);
  d.write(label, 40, 32, 'latin1');
  both32(sectors).copy(d, 80);
  for (const at of [120, 124]) both16(1).copy(d, at);
  both16(SECTOR).copy(d, 128);
  both32(PATHS_BYTES).copy(d, 132);
  d.writeUInt32LE(PATHS_LITTLE, 140);
  d.writeUInt32BE(PATHS_BIG, 148);
  folderRecord('\0', ROOT, SECTOR, true).copy(d, 156);
  d.fill(' ', 190, 813);
  // 8.4.26.1: a date that is not given is zeros as digits, and a zero byte.
  for (const at of [813, 830, 847, 864]) d.fill('0', at, at + 16);
  d[881] = 1;
  return d;
}

/** 9.1: one entry of a folder. */
function folderRecord(name: string, sector: number, bytes: number, isFolder: boolean): Buffer {
  const identifier = Buffer.from(name, 'latin1');
  // Records have an even length.
  const record = Buffer.alloc(33 + identifier.length + ((33 + identifier.length) % 2));
  record[0] = record.length;
  both32(sector).copy(record, 2);
  both32(bytes).copy(record, 10);
  // The date of all: 1 January 1970, UTC.
  record.set([70, 1, 1, 0, 0, 0, 0], 18);
  record[25] = isFolder ? 2 : 0;
  both16(1).copy(record, 28);
  record[32] = identifier.length;
  identifier.copy(record, 33);
  return record;
}

/** 9.4: where folders are; here the root alone. */
function pathTable(little: boolean): Buffer {
  const table = Buffer.alloc(PATHS_BYTES);
  table[0] = 1;
  if (little) {
    table.writeUInt32LE(ROOT, 2);
    table.writeUInt16LE(1, 6);
  } else {
    table.writeUInt32BE(ROOT, 2);
    table.writeUInt16BE(1, 6);
  }
  return table;
}

/** 7.3.3 and 7.2.3: numbers stand there in both orders of bytes. */
function both32(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(value, 0);
  bytes.writeUInt32BE(value, 4);
  return bytes;
}

function both16(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt16LE(value, 0);
  bytes.writeUInt16BE(value, 2);
  return bytes;
}

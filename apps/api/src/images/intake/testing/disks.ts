/** A raw disk of so many MiB with one partition, some content here and there, and something in its very last sector. */
export function rawDisk(mib: number): Buffer {
  const disk = Buffer.alloc(mib * 1048576);
  const sectors = disk.length / 512;
  disk[450] = 0x83;
  disk.writeUInt32LE(2048, 454);
  disk.writeUInt32LE(sectors - 2048, 458);
  disk.writeUInt16LE(0xaa55, 510);
  for (let at = 1048576; at < disk.length; at += 700_001) disk.write(`content at ${at} `.repeat(9), at);
  disk.write('the end', disk.length - 7);
  return disk;
}

/** The least that is an ISO 9660: a volume descriptor that says how large it is, and some content. */
export function isoWith(content: Buffer): Buffer {
  const iso = Buffer.alloc(20 * 2048);
  iso[32768] = 1;
  iso.write('CD001\x01', 32769, 'latin1');
  iso.writeUInt32LE(20, 32768 + 80);
  iso.writeUInt32BE(20, 32768 + 84);
  iso.writeUInt16LE(2048, 32768 + 128);
  iso.writeUInt16BE(2048, 32768 + 130);
  content.copy(iso, 19 * 2048);
  return iso;
}

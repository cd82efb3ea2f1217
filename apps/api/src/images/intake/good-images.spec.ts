import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { convertImage } from './convert-image';
import { inspectImage } from './inspect-image';
import { contentOf, freshFolder, qemuImg } from './testing/places';
import { isoWith, rawDisk } from './testing/disks';
import type { ImageFormat } from './types';

const folder = freshFolder();
const content = rawDisk(4);
const source = join(folder, 'disk.img');
writeFileSync(source, content);

interface Kind {
  name: string;
  format: ImageFormat;
  variant: string;
  /** How qemu-img makes it. */
  made: string[];
}

const kinds: Kind[] = [
  { name: 'a.qcow2', format: 'qcow2', variant: 'v3', made: ['-O', 'qcow2'] },
  { name: 'b.qcow2', format: 'qcow2', variant: 'v2', made: ['-O', 'qcow2', '-o', 'compat=0.10'] },
  { name: 'c.qcow2', format: 'qcow2', variant: 'v3', made: ['-c', '-O', 'qcow2', '-o', 'compression_type=zstd,cluster_size=16k'] },
  { name: 'd.qcow2', format: 'qcow2', variant: 'v3', made: ['-c', '-O', 'qcow2', '-o', 'extended_l2=on,cluster_size=128k'] },
  { name: 'e.qcow2', format: 'qcow2', variant: 'v3', made: ['-O', 'qcow2', '-o', 'preallocation=metadata,cluster_size=512'] },
  { name: 'a.vdi', format: 'vdi', variant: 'dynamic', made: ['-O', 'vdi'] },
  { name: 'b.vdi', format: 'vdi', variant: 'fixed', made: ['-O', 'vdi', '-o', 'static=on'] },
  { name: 'a.vmdk', format: 'vmdk', variant: 'monolithicSparse', made: ['-O', 'vmdk'] },
  { name: 'b.vmdk', format: 'vmdk', variant: 'streamOptimized', made: ['-O', 'vmdk', '-o', 'subformat=streamOptimized'] },
  { name: 'a.vhd', format: 'vhd', variant: 'dynamic', made: ['-O', 'vpc', '-o', 'force_size=on'] },
  { name: 'b.vhd', format: 'vhd', variant: 'fixed', made: ['-O', 'vpc', '-o', 'force_size=on,subformat=fixed'] },
  { name: 'c.vhd', format: 'vhd', variant: 'dynamic', made: ['-O', 'vpc'] },
  { name: 'a.vhdx', format: 'vhdx', variant: '', made: ['-O', 'vhdx'] },
  { name: 'b.vhdx', format: 'vhdx', variant: '', made: ['-O', 'vhdx', '-o', 'subformat=fixed'] },
  { name: 'a.raw', format: 'raw', variant: 'mbr', made: ['-O', 'raw'] },
];

describe('a good image', () => {
  it.each(kinds)('$format $variant ($name) becomes a qcow2 with the same content', async ({ name, format, variant, made }) => {
    const file = join(folder, name);
    qemuImg('convert', '-f', 'raw', ...made, source, file);
    const inspected = await inspectImage(file);
    // Some writers round a disk up to whole cylinders.
    expect(inspected).toMatchObject({ format, variant, sizeBytes: statSync(file).size });
    expect(inspected.virtualBytes).toBeGreaterThanOrEqual(content.length);

    const target = join(folder, `${name}.made`);
    const told: number[] = [];
    const result = await convertImage(file, inspected, target, { progress: (percent) => told.push(percent) });
    const bytes = readFileSync(target);
    expect(result).toEqual({ sha256: createHash('sha256').update(bytes).digest('hex'), sizeBytes: bytes.length });
    expect(statSync(target).mode & 0o777).toBe(0o444);
    expect(told.at(-1)).toBe(100);
    const seen = contentOf(folder, target, 'qcow2');
    expect(seen.subarray(0, content.length).equals(content)).toBe(true);
    expect(seen.subarray(content.length).every((byte) => byte === 0)).toBe(true);
    expect(seen.length).toBe(inspected.virtualBytes);
    expect(readdirSync(folder).filter((left) => left.startsWith('.'))).toEqual([]);
  });

  it('a streamOptimized VMDK with its directory at the end, as VMware writes them, is read as well', async () => {
    const file = join(folder, 'vmware.vmdk');
    qemuImg('convert', '-f', 'raw', '-O', 'vmdk', '-o', 'subformat=streamOptimized', source, file);
    const written = readFileSync(file);
    const header = Buffer.from(written.subarray(0, 512));
    written.writeBigUInt64LE(0xffffffffffffffffn, 56);
    const marker = Buffer.alloc(512);
    marker.writeBigUInt64LE(1n, 0);
    marker.writeUInt32LE(3, 12);
    writeFileSync(file, Buffer.concat([written, marker, header, Buffer.alloc(512)]));
    const inspected = await inspectImage(file);
    expect(inspected).toMatchObject({ format: 'vmdk', variant: 'streamOptimized', virtualBytes: content.length });
    await convertImage(file, inspected, join(folder, 'vmware.made'));
    expect(contentOf(folder, join(folder, 'vmware.made'), 'qcow2').equals(content)).toBe(true);
  });

  it('an ISO stays as it is and can be written by nobody', async () => {
    const file = join(folder, 'installer.iso');
    writeFileSync(file, isoWith(Buffer.from('welcome')));
    const inspected = await inspectImage(file);
    expect(inspected).toMatchObject({ format: 'iso', virtualBytes: statSync(file).size });
    const target = join(folder, 'iso.made');
    const { sha256 } = await convertImage(file, inspected, target);
    expect(readFileSync(target).equals(readFileSync(file))).toBe(true);
    expect(sha256).toBe(createHash('sha256').update(readFileSync(file)).digest('hex'));
    expect(statSync(target).mode & 0o777).toBe(0o444);
  });

  it('a disk that shows no mark is raw only where that is wished', async () => {
    const file = join(folder, 'blank.img');
    writeFileSync(file, Buffer.alloc(1000, 'x'));
    await expect(inspectImage(file)).rejects.toMatchObject({ code: 'UNKNOWN_FORMAT' });
    const inspected = await inspectImage(file, { asRaw: true });
    expect(inspected).toMatchObject({ format: 'raw', virtualBytes: 1024 });
    await convertImage(file, inspected, join(folder, 'blank.made'));
    const seen = contentOf(folder, join(folder, 'blank.made'), 'qcow2');
    expect(seen.subarray(0, 1000).equals(readFileSync(file))).toBe(true);
  });
});

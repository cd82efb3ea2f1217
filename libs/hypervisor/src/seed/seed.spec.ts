import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seedDisk } from './cloud-init';
import { iso9660 } from './iso9660';

const id = '2f6d0c1e-7a53-4a8e-9d0e-4a6c0f6b1a11';
const SECTOR = 2048;

/** Reads a disc the way ECMA-119 says, from its primary descriptor on. */
function read(disc: Buffer): { label: string; files: Record<string, string> } {
  const primary = disc.subarray(16 * SECTOR, 17 * SECTOR);
  expect(primary.subarray(0, 7).toString('latin1')).toBe('\u0001CD001\u0001');
  expect(primary.readUInt32LE(80) * SECTOR).toBe(disc.length);
  const root = primary.readUInt32LE(156 + 2);
  const files: Record<string, string> = {};
  for (let at = root * SECTOR; disc[at] !== 0; at += disc[at] ?? 0) {
    expect(disc.readUInt32LE(at + 2)).toBe(disc.readUInt32BE(at + 6));
    const name = disc.subarray(at + 33, at + 33 + (disc[at + 32] ?? 0)).toString('latin1');
    const start = disc.readUInt32LE(at + 2) * SECTOR;
    const isFolder = ((disc[at + 25] ?? 0) & 2) !== 0;
    if (!isFolder) files[name] = disc.subarray(start, start + disc.readUInt32LE(at + 10)).toString();
  }
  return { label: primary.subarray(40, 72).toString('latin1').trimEnd(), files };
}

describe('a seed disk', () => {
  it('has the name and the files that cloud-init looks for', () => {
    const { label, files } = read(seedDisk(id, { userData: '#cloud-config\npackages: [pymca]\n' }));
    expect(label).toBe('cidata');
    expect(files).toEqual({
      'meta-data;1': `instance-id: ${id}\nlocal-hostname: desktop-2f6d0c1e\n`,
      'user-data;1': '#cloud-config\npackages: [pymca]\n',
    });
  });

  it.each([0, 1, SECTOR - 1, SECTOR, SECTOR + 1, 65_536])('holds %d bytes of user data as they are', (length) => {
    const userData = 'ä'.repeat(Math.floor(length / 2)) + 'a'.repeat(length % 2);
    expect(read(seedDisk(id, { userData })).files['user-data;1']).toBe(userData);
  });

  it('is the same for the same words, and says what it is', () => {
    const disc = seedDisk(id, { userData: '#!/bin/sh\n' });
    expect(seedDisk(id, { userData: '#!/bin/sh\n' })).toEqual(disc);
    const folder = mkdtempSync(join(tmpdir(), 'seed-'));
    writeFileSync(join(folder, 'seed.iso'), disc);
    const seen = execFileSync('blkid', ['-p', '-o', 'export', join(folder, 'seed.iso')], { encoding: 'utf8' });
    rmSync(folder, { recursive: true });
    expect(seen).toMatch(/^LABEL=cidata$/m);
    expect(seen).toMatch(/^TYPE=iso9660$/m);
  });

  it('has room for a few files only', () => {
    const many = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`a-file-with-a-name-${at}`, '']));
    expect(() => iso9660('x', many)).toThrow(RangeError);
  });
});

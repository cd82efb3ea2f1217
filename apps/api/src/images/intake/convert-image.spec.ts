import { appendFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { convertImage } from './convert-image';
import { inspectImage } from './inspect-image';
import { demandRoom } from './room';
import { isoWith, rawDisk } from './testing/disks';
import { contentOf, freshFolder } from './testing/places';
import type { InspectedImage } from './types';

const folder = freshFolder();
const target = join(folder, 'made');
const disk = join(folder, 'disk.raw');
const iso = join(folder, 'disk.iso');
let inspected: Record<'disk' | 'iso', InspectedImage>;

beforeEach(async () => {
  rmSync(target, { force: true });
  writeFileSync(disk, rawDisk(4));
  writeFileSync(iso, isoWith(Buffer.from('x')));
  inspected = { disk: await inspectImage(disk), iso: await inspectImage(iso) };
});

/** Nothing at the target, and nothing beside it. */
const nothingMade = () => expect(readdirSync(folder).sort()).toEqual(['disk.iso', 'disk.raw']);

describe('a conversion', () => {
  it.each(['disk', 'iso'] as const)('that is broken off leaves nothing (%s)', async (kind) => {
    const abort = new AbortController();
    const why = new Error('no longer wanted');
    const options = { signal: abort.signal, progress: () => abort.abort(why) };
    await expect(convertImage(kind === 'iso' ? iso : disk, inspected[kind], target, options)).rejects.toBe(why);
    nothingMade();
  });

  it.each(['disk', 'iso'] as const)('of a file that is another by now is refused (%s)', async (kind) => {
    const file = kind === 'iso' ? iso : disk;
    appendFileSync(file, Buffer.alloc(512));
    await expect(convertImage(file, inspected[kind], target)).rejects.toMatchObject({ code: 'CHANGED' });
    nothingMade();
  });

  it('of a file that was replaced by one of the same look is refused', async () => {
    rmSync(disk);
    writeFileSync(disk, rawDisk(4));
    await expect(convertImage(disk, inspected.disk, target)).rejects.toMatchObject({ code: 'CHANGED' });
    nothingMade();
  });

  it('ends at the largest size that is allowed, and at the longest time', async () => {
    writeFileSync(disk, Buffer.concat([rawDisk(1), Buffer.alloc(3 * 1048576, 'x')]));
    const full = await inspectImage(disk);
    await expect(convertImage(disk, full, target, { limits: { fileMib: 1 } })).rejects.toMatchObject({ code: 'TOO_LARGE' });
    await expect(convertImage(disk, full, target, { limits: { convertSeconds: 0.01 } })).rejects.toMatchObject({ code: 'TOO_COSTLY' });
    nothingMade();
  });

  it('removes what one that was killed left at the same place', async () => {
    const left = join(folder, '.made.intake');
    mkdirSync(left);
    writeFileSync(join(left, 'disk'), 'half');
    await convertImage(disk, inspected.disk, target);
    expect(existsSync(left)).toBe(false);
    expect(contentOf(folder, target, 'qcow2').equals(rawDisk(4))).toBe(true);
  });

  it('is not begun where the disk has no room for it', async () => {
    await expect(demandRoom(folder, 2 ** 60)).rejects.toMatchObject({ code: 'NO_ROOM' });
    await expect(demandRoom(folder, 1)).resolves.toBeUndefined();
  });
});

describe('limits of a site', () => {
  it('a disk that is larger is refused, and a file', async () => {
    await expect(inspectImage(disk, { limits: { virtualMib: 3 } })).rejects.toMatchObject({ code: 'TOO_LARGE' });
    await expect(inspectImage(disk, { limits: { fileMib: 3 } })).rejects.toMatchObject({ code: 'TOO_LARGE' });
  });

  it('a look that takes too long or too much memory is ended', async () => {
    await expect(inspectImage(disk, { limits: { inspectSeconds: 0.01 } })).rejects.toMatchObject({ code: 'TOO_COSTLY' });
  });
});

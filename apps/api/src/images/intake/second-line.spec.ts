import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInBox } from './box/box';
import { program } from './box/programs';
import { openFile } from './bytes/open-file';
import { makeHostileImages } from './testing/hostile-images';
import { contentOf, freshFolder } from './testing/places';

/**
 * The second line of defence, apart from the first: hostile files go straight to QEMU, as nobody does, with backing files and extents
 * opened if it can.
 */
const folder = freshFolder();
const SECRET = 'what no guest may read';
const secret = join(folder, 'secret');
writeFileSync(secret, `${SECRET} `.repeat(400).slice(0, 8192));
const images = join(folder, 'hostile');
const named = ['BACKING_FILE', 'DATA_FILE', 'NAMES_OTHER_FILE', 'REMOTE_REFERENCE', 'PARENT_DISK', 'SEVERAL_FILES'];
const hostile = makeHostileImages(images, secret).filter(({ code, driver }) => driver !== undefined && named.includes(code));
const out = join(folder, 'out');
mkdirSync(out);
chmodSync(out, 0o777);
const limits = { seconds: 20, memoryMib: 2048, fileMib: 64 };

describe('QEMU in the box, handed a hostile image straight', () => {
  it.each(hostile)('$name: nothing of the host is in what it makes', async ({ name, driver = '' }) => {
    utimesSync(secret, 1_000_000_000, 1_000_000_001);
    const file = join(images, name);
    const { identity, close } = await openFile(file, 1024);
    const command = [program('qemu-img'), 'convert', '-f', driver, '-O', 'raw', '/image', `/out/${name}`];
    await runInBox({ file, identity, out, command, limits });
    await close();
    const made = readdirSync(out).includes(name) ? readFileSync(join(out, name)) : Buffer.alloc(0);
    expect(made.includes(SECRET)).toBe(false);
    expect(made.includes('root:x:0:0')).toBe(false);
    expect(statSync(secret).atimeMs).toBe(1_000_000_000_000);
  });

  it('outside of the box the same file would have given the secret away', () => {
    const gives = contentOf(folder, join(images, 'secret.vmdk'), 'vmdk');
    expect(gives.includes(SECRET)).toBe(true);
    expect(statSync(secret).atimeMs).toBeGreaterThan(1_000_000_000_000);
  });
});

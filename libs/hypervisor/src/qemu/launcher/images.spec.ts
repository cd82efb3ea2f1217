import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { orderImage } from '../machine-order';
import { QemuBench } from '../testing/real-qemu';
import { checkImage } from './images';

jest.setTimeout(60_000);

let bench: QemuBench;
let folder: string;
beforeAll(() => {
  bench = new QemuBench();
  folder = join(bench.root, 'images', 'one');
  mkdirSync(folder);
  writeFileSync(join(bench.root, 'secret'), 'of the host');
});
afterAll(() => bench.clear());

const qemuImg = (...words: string[]) => execFileSync('qemu-img', words, { cwd: folder, stdio: 'ignore' });
const image = (disk: string) =>
  orderImage.parse({ id: 'one', disk: join(folder, disk), boot: { kind: 'disk' }, agent: false, sha256: null, keymap: null });
const check = (disk: string) => checkImage(bench.config, image(disk), bench.config.runAs);

describe('an image', () => {
  it('that is one plain qcow2 is taken, with its size', async () => {
    qemuImg('create', '-f', 'qcow2', 'good.qcow2', '10M');
    expect(await check('good.qcow2')).toMatchObject({ virtualMib: 10, folders: [folder] });
  });

  it.each([
    ['names a backing file of the host', () => qemuImg('create', '-f', 'qcow2', '-F', 'raw', '-b', join(bench.root, 'secret'), 'x', '1M')],
    ['keeps its content in a file of the host', () => qemuImg('create', '-f', 'qcow2', '-o', `data_file=${bench.root}/stolen,data_file_raw=on`, 'x', '1M')],
    ['is no qcow2', () => writeFileSync(join(folder, 'x'), 'QFI but not really')],
    ['is of another format', () => qemuImg('create', '-f', 'vmdk', 'x', '1M')],
  ])('that %s is refused', async (_, make) => {
    make();
    await expect(check('x')).rejects.toMatchObject({ name: 'MachineRefused', reason: 'image-refused' });
  });

  it('that is not there, or lies elsewhere behind a link, is refused', async () => {
    await expect(check('nothing')).rejects.toMatchObject({ reason: 'image-missing' });
    symlinkSync(join(bench.root, 'secret'), join(folder, 'link'));
    await expect(check('link')).rejects.toMatchObject({ reason: 'image-refused' });
  });

  it('has a keymap from among the images, or is refused', async () => {
    qemuImg('create', '-f', 'qcow2', 'typed.qcow2', '10M');
    writeFileSync(join(folder, 'keymap'), 'a 0x1e');
    symlinkSync(join(bench.root, 'secret'), join(folder, 'linked-keymap'));
    const named = (keymap: string) => checkImage(bench.config, { ...image('typed.qcow2'), keymap }, bench.config.runAs);
    expect(await named(join(folder, 'keymap'))).toMatchObject({ image: { keymap: join(folder, 'keymap') }, folders: [folder] });
    await expect(named(join(folder, 'linked-keymap'))).rejects.toMatchObject({ reason: 'image-refused' });
    await expect(named(join(folder, 'no-keymap'))).rejects.toMatchObject({ reason: 'image-missing' });
  });

  it('is judged again when it changed', async () => {
    qemuImg('create', '-f', 'qcow2', 'changing.qcow2', '10M');
    await check('changing.qcow2');
    qemuImg('rebase', '-u', '-f', 'qcow2', '-F', 'raw', '-b', join(bench.root, 'secret'), 'changing.qcow2');
    await expect(check('changing.qcow2')).rejects.toMatchObject({ reason: 'image-refused' });
  });
});

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { imageView } from '@beamdesk/contracts';
import { createTestApp, type TestApp } from '../../test/app/test-app';
import { contentFile } from './image-folders';
import { Images } from './images';
import { ImageIntake } from './job/image-intake';
import { IntakeLife } from './job/intake-life';

jest.setTimeout(120_000);

/** Without doubles: QEMU looks at the file, converts it, and what machines boot is what came out. */
describe('a disk of another hypervisor', () => {
  let api: TestApp;

  beforeAll(async () => {
    api = await createTestApp({ override: (builder) => builder.overrideProvider(IntakeLife).useValue({}) });
  });
  afterAll(() => api.close());

  it('becomes our own qcow2, under its hash, and is what a machine boots', async () => {
    const { dir } = api.config.imageIntake;
    mkdirSync(dir, { recursive: true });
    const file = join(dir, 'disk.vmdk');
    execFileSync('qemu-img', ['create', '-q', '-f', 'vmdk', '-o', 'subformat=monolithicSparse', file, '8M']);
    const { browser } = await api.signedIn('root', ['ADMIN']);
    await browser.send('POST', '/api/images', { id: 'ours', name: 'Ours' });
    const source = { kind: 'file', name: 'disk.vmdk' };
    await browser.send('POST', '/api/images/ours/versions', { source, firmware: 'uefi', clonable: false });
    await api.app.get(ImageIntake).once(new AbortController().signal);
    const [version] = imageView.parse((await browser.get('/api/images/ours')).body).versions;
    expect(version).toMatchObject({ state: 'draft', failure: null, format: 'vmdk', virtualMib: 8, boot: 'disk' });
    const sha256 = version?.sha256 ?? '';
    const disk = contentFile(api.config.dataDir, sha256, 'disk');
    expect(createHash('sha256').update(readFileSync(disk)).digest('hex')).toBe(sha256);
    expect(JSON.parse(execFileSync('qemu-img', ['info', '--output=json', '-f', 'qcow2', disk], { encoding: 'utf8' }))).toMatchObject({
      format: 'qcow2',
      'virtual-size': 8 * 1024 ** 2,
    });
    expect(await api.app.get(Images).machineImage('ours', 1)).toEqual({
      protocol: 'vnc',
      image: {
        ...{ id: 'ours', disk, boot: { kind: 'disk' }, agent: false, sha256, keymap: null },
        ...{ architecture: 'x86_64', firmware: 'uefi', clonable: false },
      },
    });
  });
});

import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MachineSpec, Share } from '../machine';
import { aPersonalisation } from '../testing/machine-spec';
import { privileged } from './launcher/confined';
import { QemuHypervisor } from './qemu-hypervisor';
import { scriptedImage } from './testing/scripted-image';
import { QemuBench, TINY_MS, until } from './testing/real-qemu';

jest.setTimeout(2 * TINY_MS);

let bench: QemuBench;
let hypervisor: QemuHypervisor;
beforeAll(() => {
  bench = new QemuBench();
  hypervisor = bench.hypervisor();
});
afterAll(() => bench.clear());

const data = (hostPath: string): Share => ({ tag: 'data', hostPath, readOnly: true, limitMib: null });
const scratch = (name: string, limitMib = 64): Share => {
  return { tag: 'scratch', hostPath: join(bench.config.scratchDir, name), readOnly: false, limitMib };
};
const mounts = [
  { tag: 'data', guestPath: '/data/20260301', readOnly: true },
  { tag: 'scratch', guestPath: '/scratch', readOnly: false },
];

/** A machine that runs this script once it has its shares. */
async function running(script: string, shares: Share[]): Promise<MachineSpec> {
  const spec = { ...(await bench.spec(shares)), image: scriptedImage(bench, script) };
  await hypervisor.create(spec);
  const present = mounts.filter(({ tag }) => shares.some((share) => share.tag === tag));
  await hypervisor.personalise(spec.id, aPersonalisation({ mounts: present }), TINY_MS);
  return spec;
}

async function answerOf(name: string): Promise<string> {
  const path = join(bench.config.scratchDir, name, 'answer');
  await until(() => existsSync(path), Boolean, TINY_MS);
  return readFileSync(path, 'utf8');
}

describe('the shares of a machine', () => {
  it('data can be read and not written, scratch can be written, keeps owners and makes no host links', async () => {
    const folder = join(bench.root, 'data', 'a, b');
    mkdirSync(folder);
    writeFileSync(join(folder, 'file'), 'measured');
    const script = `
      cat /data/20260301/file; echo
      mount -o remount,rw /data/20260301 2>/dev/null
      touch /data/20260301/new 2>/dev/null && echo written || echo refused
      rm /data/20260301/file 2>/dev/null && echo removed || echo refused
      echo mine > /scratch/mine; chown 1000:1000 /scratch/mine; ln -s /etc/passwd /scratch/link
      stat -c %u /scratch/mine; cat /scratch/mine`;
    const spec = await running(script, [data(folder), scratch('ada/one')]);
    expect(await answerOf('ada/one')).toBe('measured\nrefused\nrefused\n1000\nmine\n');
    const kept = join(bench.config.scratchDir, 'ada/one');
    expect(readFileSync(join(kept, 'mine'), 'utf8')).toBe('mine\n');
    expect(readdirSync(kept, { withFileTypes: true }).filter((entry) => entry.isSymbolicLink())).toEqual([]);
    expect(readdirSync(folder)).toEqual(['file']);
    await hypervisor.destroy(spec.id);
    expect(readFileSync(join(kept, 'mine'), 'utf8')).toBe('mine\n');
  });

  it.each([
    ['missing', 'share-missing', () => join(bench.root, 'data/nothing')],
    ['a file', 'share-missing', () => join(bench.root, 'data/plain')],
    ['outside', 'share-outside-root', () => '/etc'],
    ['outside by ..', 'share-outside-root', () => `${bench.root}/data/../../../etc`],
    ['outside by a link', 'share-outside-root', () => join(bench.root, 'data/link')],
    ['outside by a link above', 'share-outside-root', () => join(bench.root, 'data/link/ssl')],
    ['the whole root', 'share-outside-root', () => join(bench.root, 'data')],
    ['a name that only begins like the root', 'share-outside-root', () => join(bench.root, 'database')],
  ])('data that is %s is refused as %s, and nothing is left behind', async (_, reason, path) => {
    if (!existsSync(join(bench.root, 'data/link'))) {
      symlinkSync('/etc', join(bench.root, 'data/link'));
      writeFileSync(join(bench.root, 'data/plain'), '');
      mkdirSync(join(bench.root, 'database'));
    }
    const spec = await bench.spec([data(path())]);
    await expect(hypervisor.create(spec)).rejects.toMatchObject({ name: 'MachineRefused', reason });
    expect(existsSync(bench.folder(spec.id))).toBe(false);
  });

  it('data that the machine may not read is refused, also where only a folder above is closed', async () => {
    const closed = join(bench.root, 'data', 'team');
    mkdirSync(join(closed, 'raw'), { recursive: true });
    chmodSync(closed, privileged() ? 0o700 : 0o000);
    const attempts = [closed, join(closed, 'raw')];
    for (const path of attempts) {
      const spec = await bench.spec([data(path)]);
      await expect(hypervisor.create(spec)).rejects.toMatchObject({ reason: 'share-unreadable' });
      expect(existsSync(bench.folder(spec.id))).toBe(false);
    }
    chmodSync(closed, 0o700);
  });

  it.each([['/etc/scratch'], ['../outside'], ['a/b/c/d'], ['a b'], ['.hidden']])(
    'a scratch at %s is refused and not made',
    async (name) => {
      const hostPath = name.startsWith('/') ? name : `${bench.config.scratchDir}/${name}`;
      const spec = await bench.spec([{ ...scratch('x'), hostPath }]);
      await expect(hypervisor.create(spec)).rejects.toMatchObject({ reason: 'share-outside-root' });
      expect(existsSync(hostPath)).toBe(false);
    },
  );

  it('a scratch over its limit brings a remark and turns read-only; far over, the machine ends and says why', async () => {
    const fill = (mib: number) => `dd if=/dev/zero of=/scratch/big bs=1M count=${mib} 2>/dev/null`;
    // The brake is released for the second part, as a guest that does not obey would do.
    const script = `${fill(17)}; sync; until touch /scratch/x 2>/dev/null && false || ! touch /scratch/x 2>/dev/null; do sleep 0.2; done
      echo locked > /dev/ttyS0; sleep 2; mount -o remount,rw /scratch; ${fill(30)}; sleep 600`;
    const spec = await running(script, [scratch('bo/one', 16)]);
    const warned = await until(() => hypervisor.find(spec.id), (machine) => machine?.notice !== null, TINY_MS);
    expect(warned).toMatchObject({ phase: 'on', notice: expect.stringMatching(/scratch folder is full/) });
    const ended = await until(() => hypervisor.find(spec.id), (machine) => machine?.phase === 'off', TINY_MS);
    expect(ended).toMatchObject({ phase: 'off', exit: 'crashed', notice: expect.stringMatching(/outgrew its limit/) });
  });
});

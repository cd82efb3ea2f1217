import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MachineSpec, Share } from '../machine';
import { NameService } from './launcher/name-service';
import { localLauncher } from './launcher/local-launcher';
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
const home = (person: string, limitMib = 64): Share => {
  return { tag: 'home', hostPath: join(bench.config.homeDir ?? '', person), readOnly: false, limitMib };
};
const mounts = [
  { tag: 'data', guestPath: '/data/20260301', readOnly: true },
  { tag: 'scratch', guestPath: '/scratch', readOnly: false },
  { tag: 'home', guestPath: '/home/user/Home', readOnly: false },
];

/** A machine that runs this script once it has its shares. */
async function running(script: string, shares: Share[], runAs: MachineSpec['runAs'] = null): Promise<MachineSpec> {
  const spec = { ...(await bench.spec(shares)), image: scriptedImage(bench, script), runAs };
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
    ['another folder inside the root by a link', 'share-outside-root', () => join(bench.root, 'data/swapped')],
    ['the whole root', 'share-outside-root', () => join(bench.root, 'data')],
    ['a name that only begins like the root', 'share-outside-root', () => join(bench.root, 'database')],
  ])('data that is %s is refused as %s, and nothing is left behind', async (_, reason, path) => {
    if (!existsSync(join(bench.root, 'data/link'))) {
      symlinkSync('/etc', join(bench.root, 'data/link'));
      mkdirSync(join(bench.root, 'data/other'));
      symlinkSync('other', join(bench.root, 'data/swapped'));
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

  it('what is put into the data while the machine runs appears in it', async () => {
    const folder = join(bench.root, 'data', 'archived');
    mkdirSync(folder);
    const script = `ls /data/20260301; touch /scratch/looked
      until [ -f /data/20260301/raw/scan ]; do sleep 0.2; done; cat /data/20260301/raw/scan`;
    await running(script, [data(folder), scratch('cy/one')]);
    await until(() => existsSync(join(bench.config.scratchDir, 'cy/one/looked')), Boolean, TINY_MS);
    // As a restore does: made beside, then put in its place at once.
    mkdirSync(join(bench.root, 'raw'));
    writeFileSync(join(bench.root, 'raw/scan'), 'back from tape\n');
    renameSync(join(bench.root, 'raw'), join(folder, 'raw'));
    expect(await answerOf('cy/one')).toBe('back from tape\n');
  });
});

describe('a home folder', () => {
  const homeOf = (person: string) => join(bench.config.homeDir ?? '', person);

  it('is made once, belongs to the machine’s user alone, and is the same in every machine of the person', async () => {
    const first = await running('echo mine > /home/user/Home/notes', [scratch('di/one'), home('di')]);
    await answerOf('di/one');
    const { mode, uid } = lstatSync(homeOf('di'));
    expect(mode & 0o777).toBe(0o700);
    expect(uid).toBe(bench.config.runAs?.uid ?? process.getuid?.());
    // Beside the first one, and both write.
    const second = await running('cat /home/user/Home/notes; echo more >> /home/user/Home/notes', [scratch('di/two'), home('di')]);
    expect(await answerOf('di/two')).toBe('mine\n');
    await Promise.all([first, second].map(({ id }) => hypervisor.destroy(id)));
    expect(readFileSync(join(homeOf('di'), 'notes'), 'utf8')).toBe('mine\nmore\n');
    await running('ls -A /home/user/Home', [scratch('eli/one'), home('eli')]);
    expect(await answerOf('eli/one')).toBe('');
  });

  it('is measured, and full is said of it by name', async () => {
    const fill = 'dd if=/dev/zero of=/home/user/Home/big bs=1M count=17 2>/dev/null; sync';
    const spec = await running(fill, [scratch('flo/one'), home('flo', 16)]);
    const warned = await until(() => hypervisor.find(spec.id), (machine) => machine?.notice !== null, TINY_MS);
    expect(warned).toMatchObject({ phase: 'on', notice: expect.stringMatching(/^Your home folder is full/) });
    const uses = await hypervisor.shareUses(spec.id);
    expect(uses.find(({ tag }) => tag === 'home')).toMatchObject({ limitMib: 16, usedBytes: expect.any(Number) });
    expect(uses.find(({ tag }) => tag === 'home')?.usedBytes).toBeGreaterThan(16 * 1024 * 1024);
    await hypervisor.destroy(spec.id);
    expect(await hypervisor.shareUses(spec.id)).toEqual([]);
    expect(lstatSync(join(homeOf('flo'), 'big')).size).toBe(17 * 1024 * 1024);
  });

  it('that is a link, to somebody else’s or out, is refused', async () => {
    mkdirSync(homeOf('gus'));
    symlinkSync('gus', homeOf('hal'));
    symlinkSync('/etc', homeOf('ina'));
    for (const person of ['hal', 'ina']) {
      await expect(hypervisor.create(await bench.spec([home(person)]))).rejects.toMatchObject({ reason: 'share-missing' });
    }
  });

  it.each([['..'], ['../data/x'], ['.ssh'], ['a/b/c/d']])('at %s is refused and not made', async (name) => {
    const spec = await bench.spec([{ ...home('x'), hostPath: `${bench.config.homeDir}/${name}` }]);
    await expect(hypervisor.create(spec)).rejects.toMatchObject({ reason: 'share-outside-root' });
    expect(existsSync(join(bench.root, 'data/x'))).toBe(false);
  });
});

const asRoot = () => {
  const [GROUP, ADA, BO] = [64_109, 64_107, 64_108];
  const lines: Record<string, string> = {
    ...{ 'passwd ada': `ada:x:${ADA}:${ADA}::/:/bin/sh`, 'passwd bo': `bo:x:${BO}:${BO}::/:/bin/sh` },
    ...{ 'group p123': `p123:x:${GROUP}:ada`, 'initgroups ada': `ada ${GROUP}`, 'initgroups bo': 'bo' },
  };
  const names: NameService = async (table, name) => lines[`${table} ${name}`] ?? null;
  let folder: string;
  beforeAll(() => {
    hypervisor = bench.hypervisor({ launcher: localLauncher({ ...bench.config, names }) });
    folder = join(bench.root, 'data', 'p123');
    mkdirSync(folder);
    writeFileSync(join(folder, 'scan'), 'of the team', { mode: 0o640 });
    for (const path of [folder, join(folder, 'scan')]) chownSync(path, 0, GROUP);
    chmodSync(folder, 0o750);
  });

  it.each([
    ['by name', { account: 'ada', groups: ['p123'] }, 'named'],
    ['by number', { uid: BO, gid: BO, groups: [GROUP] }, 'numbered'],
    ['ids by number, group by name', { account: { uid: BO, gid: BO, groups: [] }, groups: ['p123'] }, 'mixed'],
  ])('is read in the guest by who has the group %s', async (_, runAs, at) => {
    // As the guest's own user, not as its root, whom the guest's kernel would let do anything.
    const script = `printf 'user:x:1000:1000::/:/bin/sh\\nother:x:1001:1001::/:/bin/sh\\n' >> /etc/passwd
      start-stop-daemon -S -c user:1000 -x /bin/cat -- /data/20260301/scan
      start-stop-daemon -S -c other:1001 -x /bin/cat -- /data/20260301/scan 2> /dev/null || echo; echo refused
      echo mine > /scratch/mine; chown 1000:1000 /scratch/mine; stat -c '%u %g' /scratch/mine`;
    await running(script, [data(folder), scratch(`${at}/one`)], runAs);
    expect(await answerOf(`${at}/one`)).toBe('of the team\nrefused\n1000 1000\n');
    const owner = 'account' in runAs && typeof runAs.account === 'string' ? ADA : BO;
    expect(lstatSync(join(bench.config.scratchDir, at, 'one/mine')).uid).toBe(owner);
  });

  it.each([
    ['other ids', { uid: BO, gid: BO, groups: [] }, 'share-unreadable'],
    ['an account that has other groups', { account: 'bo', groups: [] }, 'share-unreadable'],
    ['an account that is not in the group', { account: 'bo', groups: ['p123'] }, 'data-no-account'],
    ['an account nobody knows', { account: 'nemo', groups: ['p123'] }, 'data-no-account'],
    ['a group nobody knows', { account: 'ada', groups: ['p124'] }, 'data-no-account'],
  ])('is refused to %s', async (_, runAs, reason) => {
    const spec = { ...(await bench.spec([data(folder)])), runAs };
    await expect(hypervisor.create(spec)).rejects.toMatchObject({ name: 'MachineRefused', reason });
    expect(existsSync(bench.folder(spec.id))).toBe(false);
  });
};

const asAnybody = () => {
  it('is read with no other rights than our own, whoever is named', async () => {
    const names: NameService = async (table) => (table === 'passwd' ? 'ada:x:64107:64107::/:/bin/sh' : null);
    const other = bench.hypervisor({ launcher: localLauncher({ ...bench.config, names }) });
    const spec = { ...(await bench.spec()), runAs: { account: 'ada', groups: [] } };
    await expect(other.create(spec)).rejects.toMatchObject({ reason: 'share-unreadable' });
  });
};

describe('data of a group', privileged() ? asRoot : asAnybody);

import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MachineSpec, NfsMount, Share } from '../machine';
import { aPersonalisation } from '../testing/machine-spec';
import { privileged } from './launcher/confined';
import { QemuHypervisor } from './qemu-hypervisor';
import { NfsServer } from './testing/nfs-server';
import { scriptedImage } from './testing/scripted-image';
import { QemuBench, TINY_MS, until } from './testing/real-qemu';

jest.setTimeout(6 * TINY_MS);

/** An address for documentation: nobody has it (RFC 5737). */
const NOBODY = '192.0.2.1';

let bench: QemuBench;
let hypervisor: QemuHypervisor;
beforeAll(() => {
  bench = new QemuBench();
  bench.config.nfsServers = [NOBODY, 'nowhere.invalid'];
  hypervisor = bench.hypervisor({ templatesDir: bench.config.templatesDir });
});
afterAll(() => bench.clear());

const scratch = (name: string): Share => {
  return { tag: 'scratch', hostPath: join(bench.config.scratchDir, name), readOnly: false, limitMib: 64 };
};
const mounts = [
  { tag: 'data', guestPath: '/data/20260301', readOnly: true, kind: 'nfs' },
  { tag: 'scratch', guestPath: '/scratch', readOnly: false },
] as const;
const told = aPersonalisation({ mounts: [...mounts] });

async function made(script: string, nfs: NfsMount, name: string): Promise<MachineSpec> {
  const spec = { ...(await bench.spec([scratch(name)])), image: scriptedImage(bench, script), nfs: [nfs] };
  await hypervisor.create(spec);
  return spec;
}

const answerPath = (name: string) => join(bench.config.scratchDir, name, 'answer');

async function answerOf(name: string): Promise<string> {
  await until(() => existsSync(answerPath(name)), Boolean, 2 * TINY_MS);
  return readFileSync(answerPath(name), 'utf8');
}

describe('a way to an NFS server', () => {
  it.each([
    ['is not allowed', '10.0.2.2', 'share-outside-root'],
    ['has no address', 'nowhere.invalid', 'share-missing'],
  ])('is refused where it %s, and nothing is left behind', async (_, server, reason) => {
    const spec = { ...(await bench.spec()), nfs: [{ tag: 'data', server, exportPath: '/p1' }] };
    await expect(hypervisor.create(spec)).rejects.toMatchObject({ name: 'MachineRefused', reason });
    expect(existsSync(bench.folder(spec.id))).toBe(false);
  });

  it('to a server that does not answer ends the launch with its reason, in bounded time; nothing is mounted instead', async () => {
    const spec = await made('ls /data/20260301', { tag: 'data', server: NOBODY, exportPath: '/p1' }, 'ada/dead');
    await expect(hypervisor.personalise(spec.id, told, 2 * TINY_MS)).rejects.toMatchObject({ name: 'MachineRefused', reason: 'mount-failed' });
    expect(await hypervisor.find(spec.id)).toMatchObject({ phase: 'on', personalised: false });
    expect(existsSync(answerPath('ada/dead'))).toBe(false);
    await hypervisor.destroy(spec.id);
  });

  it('and any other mount that the machine has nothing for ends the launch, whichever kind it is', async () => {
    const spec = { ...(await bench.spec([scratch('ada/none')])), image: scriptedImage(bench, 'ls /data') };
    await hypervisor.create(spec);
    for (const kind of ['9p', 'virtiofs', 'nfs'] as const) {
      const what = aPersonalisation({ mounts: [{ tag: 'data', guestPath: '/data/20260301', readOnly: true, kind }, mounts[1]] });
      await expect(hypervisor.personalise(spec.id, what, 2 * TINY_MS)).rejects.toMatchObject({ name: 'MachineRefused', reason: 'mount-failed' });
      expect(await hypervisor.find(spec.id)).toMatchObject({ personalised: false });
    }
    expect(existsSync(answerPath('ada/none'))).toBe(false);
    await hypervisor.destroy(spec.id);
  });
});

const withServer = () => {
  let server: NfsServer;
  let folder: string;
  let nfs: NfsMount;
  beforeAll(async () => {
    folder = join(bench.root, 'export of 1');
    mkdirSync(join(folder, 'raw'), { recursive: true });
    writeFileSync(join(folder, 'raw/file'), 'measured\n');
    // Nobody but the one that the export makes of everybody.
    for (const path of [join(folder, 'raw/file'), join(folder, 'raw'), folder]) {
      chownSync(path, 64107, 64107);
      chmodSync(path, path === folder ? 0o700 : 0o500);
    }
    server = new NfsServer({ p1: folder });
    await server.start();
    nfs = { tag: 'data', server: server.address, exportPath: '/p1' };
    bench.config.nfsServers?.push(server.address);
  });
  afterAll(() => server.clear());

  it('data is read as the export allows, never written; what is added is seen, also after the server was away', async () => {
    const at = '/data/20260301';
    const tries = (what: string) => `( ${what} ) 2>/dev/null && echo done || echo refused`;
    const shown = (path: string) => `until [ -e ${at}/${path} ]; do sleep 0.5; done; cat ${at}/${path}`;
    const script = `
      cat ${at}/raw/file; mount -o remount,rw ${at} 2>/dev/null
      ${tries(`touch ${at}/new`)}; ${tries(`echo x >> ${at}/raw/file`)}; ${tries(`rm ${at}/raw/file`)}
      grep -o ' nfs4 ro,nosuid,nodev' /proc/mounts; touch /scratch/ready
      ${shown('later')}; touch /scratch/again; ${shown('after')}`;
    const spec = await made(script, nfs, 'ada/read');
    expect(await hypervisor.find(spec.id)).toMatchObject({ path: 'cold' });
    await hypervisor.personalise(spec.id, told, 2 * TINY_MS);
    const marked = (name: string) => until(() => existsSync(join(bench.config.scratchDir, 'ada/read', name)), Boolean, 2 * TINY_MS);
    expect(await marked('ready')).toBe(true);
    writeFileSync(join(folder, 'later'), 'from the archive\n', { mode: 0o644 });
    expect(await marked('again')).toBe(true);
    await server.stop();
    writeFileSync(join(folder, 'after'), 'still there\n', { mode: 0o644 });
    await new Promise((resolve) => setTimeout(resolve, 3000));
    await server.start();
    const [first, ...rest] = (await answerOf('ada/read')).split('\n');
    expect([first, ...rest.filter((line) => !line.includes('nfs4'))]).toEqual([
      ...['measured', 'refused', 'refused', 'refused', 'from the archive', 'still there', ''],
    ]);
    expect(readdirSync(folder).sort()).toEqual(['after', 'later', 'raw']);
    await hypervisor.destroy(spec.id);
  });

  it('an export that is not there ends the launch with its reason', async () => {
    const spec = await made('ls /data/20260301', { ...nfs, exportPath: '/p2' }, 'ada/missing');
    await expect(hypervisor.personalise(spec.id, told, 2 * TINY_MS)).rejects.toMatchObject({ reason: 'mount-failed' });
    expect(existsSync(answerPath('ada/missing'))).toBe(false);
    await hypervisor.destroy(spec.id);
  });

  it('a machine with a way to a server is copied from a template that has the card for it', async () => {
    const spec = { ...(await bench.spec([scratch('ada/copy')])), image: scriptedImage(bench, 'cat /data/20260301/raw/file'), nfs: [nfs] };
    const { image, flavour, console, shares } = spec;
    const kind = { image, flavour, protocol: console.protocol, shares: shares.map(({ tag, readOnly }) => ({ tag, readOnly })) };
    await hypervisor.keepTemplates([{ ...kind, nfs: true }]);
    const ready = await until(() => hypervisor.templates(), ([one]) => one?.state === 'ready', 2 * TINY_MS);
    expect(ready).toEqual([expect.objectContaining({ state: 'ready' })]);
    expect(await hypervisor.create(spec)).toMatchObject({ path: 'clone', coldReason: null });
    await hypervisor.personalise(spec.id, told, 2 * TINY_MS);
    expect(await answerOf('ada/copy')).toBe('measured\n');
    await hypervisor.destroy(spec.id);
  });
};

/** Ganesha opens folders by handle, for which one must be root. */
const withoutPrivilege = () => {
  it('a machine that mounts by NFS boots, and says why', async () => {
    const spec = await made('true', { tag: 'data', server: NOBODY, exportPath: '/p1' }, 'ada/cold');
    expect(await hypervisor.find(spec.id)).toMatchObject({ path: 'cold', coldReason: expect.stringMatching(/NFS/) });
    await hypervisor.destroy(spec.id);
  });
};

describe('NFS', privileged() ? withServer : withoutPrivilege);

import { buildSync } from 'esbuild';
import { ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HypervisorUnreachable } from '../../errors';
import { MachineSpec } from '../../machine';
import { machineOrder } from '../machine-order';
import { QemuBench, TINY_MS, until } from '../testing/real-qemu';
import { unixConnect } from '../unix-connect';
import { confined, privileged, run } from './confined';
import { localLauncher } from './local-launcher';
import { connectLauncher } from './remote-launcher';
import { serveLauncher } from './server';

jest.setTimeout(2 * TINY_MS);

let bench: QemuBench;
let folder: string;
let socketPath: string;
beforeAll(() => {
  bench = new QemuBench();
  folder = mkdtempSync(join(tmpdir(), 'launcher-'));
  chmodSync(folder, 0o755);
  socketPath = join(folder, 'launcher.sock');
});
afterAll(async () => {
  await bench.clear();
  rmSync(folder, { recursive: true, force: true });
});

const orderOf = ({ console: { protocol, port }, ...spec }: MachineSpec) => ({
  ...spec,
  console: { protocol, port },
  template: null,
});

/** What the launcher answers to a line; null when it hangs up. */
async function answerTo(line: string): Promise<Record<string, unknown> | null> {
  const socket = await unixConnect(socketPath);
  socket.write(`${line}\n`);
  const bytes = await Promise.race([once(socket, 'data'), once(socket, 'close').then(() => null)]);
  socket.destroy();
  return Buffer.isBuffer(bytes?.[0]) ? JSON.parse(bytes[0].toString()) : null;
}

describe('the vocabulary of the launcher', () => {
  let stop: () => void;
  beforeAll(async () => {
    stop = await serveLauncher(localLauncher(bench.config), socketPath, bench.config.clientGid);
  });
  afterAll(() => stop());

  it('is reachable by its client only', () => {
    expect(statSync(socketPath).mode & 0o777).toBe(privileged() ? 0o660 : 0o600);
    if (privileged()) expect(statSync(socketPath)).toMatchObject({ uid: 0, gid: 64105 });
  });

  it.each([
    ['nothing of it', 'hello'],
    ['an unknown word', '{"n":1,"do":"run","command":"id"}'],
    ['an id that is a path', '{"n":1,"do":"remove","id":"../../etc"}'],
    ['an id with more behind it', `{"n":1,"do":"prepare","id":"${randomUUID()}/.."}`],
    ['more than asked for', `{"n":1,"do":"remove","id":"${randomUUID()}","path":"/etc"}`],
    ['a card that is a path', '{"n":1,"do":"gpuBind","address":"../../../etc"}'],
    ['a card with more behind it', '{"n":1,"do":"gpuRelease","address":"0000:65:00.0\\n0000:66:00.0"}'],
    ['pid 1', `{"n":1,"do":"kill","id":"${randomUUID()}","process":{"pid":1,"startTime":0}}`],
  ])('hangs up on %s', async (_, line) => {
    expect(await answerTo(line)).toBeNull();
  });

  it.each([
    ['root', { uid: 0, gid: 64106, groups: [] }],
    ['the group of root', { uid: 64106, gid: 64106, groups: [0] }],
    ['a fraction of an id', { uid: 64106.5, gid: 64106, groups: [] }],
  ])('starts nothing as %s', async (_, runAs) => {
    const order = { ...orderOf(await bench.spec()), runAs };
    expect(await answerTo(JSON.stringify({ n: 1, do: 'spawn', order, resume: false }))).toBeNull();
  });

  it('starts nothing with ids it was not told to allow', async () => {
    const order = { ...orderOf(await bench.spec()), runAs: { uid: 12_345, gid: 12_345, groups: [] } };
    const answer = await answerTo(JSON.stringify({ n: 7, do: 'spawn', order, resume: false }));
    expect(answer).toMatchObject({ n: 7, refused: { reason: 'share-unreadable' } });
  });

  it('measures no folder but a scratch', async () => {
    const asked = connectLauncher(socketPath).scratchUsage('/etc');
    await expect(asked).rejects.toMatchObject({ reason: 'share-outside-root' });
  });

  it('takes no card from the host that it was not told to', async () => {
    const remote = connectLauncher(socketPath);
    for (const { address, allowed } of await remote.gpus()) expect({ address, allowed }).toEqual({ address, allowed: false });
    await expect(remote.gpuBind('0000:00:00.0')).rejects.toMatchObject({ reason: 'gpu-unusable' });
    expect(await remote.gpuRelease('0000:00:00.0')).toBeUndefined();
  });

  it('kills no process but the machine’s own', async () => {
    const innocent = spawn('sleep', ['600']);
    const startTime = 1;
    await connectLauncher(socketPath).kill(randomUUID(), { pid: innocent.pid ?? 2, startTime });
    expect(innocent.exitCode).toBeNull();
    innocent.kill();
  });

  it('is unreachable, not wrong, when nobody listens', async () => {
    await expect(connectLauncher(join(folder, 'nobody')).figures()).rejects.toBeInstanceOf(HypervisorUnreachable);
  });
});

const asRoot = () => {
  let launcher: ChildProcess;
  const bundle = (entry: string) => {
    const outfile = join(folder, `${entry.replace(/\W/g, '-')}.js`);
    buildSync({ entryPoints: [join(__dirname, '..', entry)], bundle: true, platform: 'node', outfile, logLevel: 'error' });
    return outfile;
  };

  async function startLauncher(): Promise<void> {
    const { machinesDir, templatesDir, scratchDir, imageRoots, dataRoots, confine } = bench.config;
    const env = {
      ...{ PATH: process.env['PATH'], LAUNCHER_SOCKET: socketPath, LAUNCHER_ACCELERATOR: 'tcg' },
      ...{ LAUNCHER_MACHINES_DIR: machinesDir, LAUNCHER_SCRATCH_DIR: scratchDir, LAUNCHER_CONFINE: confine ?? '' },
      ...{ LAUNCHER_TEMPLATES_DIR: templatesDir ?? '', LAUNCHER_IMAGE_ROOTS: imageRoots.join(':'), LAUNCHER_DATA_ROOTS: dataRoots.join(':') },
      ...{ LAUNCHER_CLIENT_GID: '64105', LAUNCHER_RUN_AS: '64106:64106', LAUNCHER_ALLOWED_IDS: '64106-64110' },
    };
    launcher = spawn(process.execPath, [bundle('launcher/main.ts')], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    const [said] = (await once(launcher.stdout ?? launcher, 'data')) as [Buffer];
    expect(said.toString()).toBe('machine launcher ready\n');
  }
  afterAll(() => launcher.kill());

  it('lets a client without any right live a whole machine’s life', async () => {
    await startLauncher();
    const client = bundle('testing/unprivileged-client.ts');
    const spec = await bench.spec();
    const { machinesDir } = bench.config;
    const sight = { ro: [process.execPath, machinesDir, folder] };
    const ids = { uid: 64105, gid: 64105, groups: [] };
    const words = [process.execPath, client, socketPath, machinesDir, bench.installation];
    const [file, ...args] = confined(bench.config, ids, sight, words);
    const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdin.end(JSON.stringify(spec));
    let text = '';
    child.stdout.on('data', (bytes: Buffer) => (text += bytes.toString()));
    await once(child, 'close');
    expect(JSON.parse(text)).toMatchObject({
      uid: 64105,
      made: { id: spec.id, phase: 'on' },
      told: { phase: 'on', personalised: true },
      gone: null,
    });
    expect(existsSync(bench.folder(spec.id))).toBe(false);
  });

  it('restarts under machines that run on', async () => {
    const remote = connectLauncher(socketPath);
    const hypervisor = bench.hypervisor({ launcher: remote });
    const spec = await bench.spec();
    await hypervisor.create(spec);
    launcher.kill('SIGKILL');
    await once(launcher, 'exit');
    expect(await hypervisor.find(spec.id)).toMatchObject({ phase: 'on' });
    await expect(hypervisor.destroy(spec.id)).rejects.toBeInstanceOf(HypervisorUnreachable);
    expect(await hypervisor.find(spec.id)).toMatchObject({ phase: 'on' });
    await startLauncher();
    await hypervisor.destroy(spec.id);
    expect(await until(() => hypervisor.find(spec.id), (machine) => machine === null, 1000)).toBeNull();
  });

  it('reads data with the rights of the ids named, groups included', async () => {
    const data = join(bench.root, 'data', 'of-a-group');
    mkdirSync(data);
    chownSync(data, 0, 64108);
    chmodSync(data, 0o750);
    const hypervisor = bench.hypervisor({ launcher: connectLauncher(socketPath) });
    const share = { tag: 'data', hostPath: data, readOnly: true, limitMib: null };
    const outsider = { ...(await bench.spec([share])), runAs: { uid: 64107, gid: 64107, groups: [] } };
    await expect(hypervisor.create(outsider)).rejects.toMatchObject({ reason: 'share-unreadable' });
    const insider = { ...(await bench.spec([share])), runAs: { uid: 64107, gid: 64107, groups: [64108] } };
    expect(await hypervisor.create(insider)).toMatchObject({ phase: 'on' });
  });

  it('makes nothing through a link that a machine left in its folder', async () => {
    const hypervisor = bench.hypervisor({ launcher: connectLauncher(socketPath) });
    const spec = await bench.spec();
    await hypervisor.create(spec);
    const victim = join(bench.root, 'victim');
    mkdirSync(victim);
    symlinkSync(victim, join(bench.folder(spec.id), 'vm', 'link'));
    await hypervisor.destroy(spec.id);
    expect(existsSync(victim)).toBe(true);
  });
};

const asAnybody = () => {
  it('runs nothing as somebody else', async () => {
    const order = { ...orderOf(await bench.spec()), runAs: { uid: 64106, gid: 64106, groups: [] } };
    const local = localLauncher(bench.config);
    await local.prepare(order.id);
    await expect(local.spawn(machineOrder.parse(order), false)).rejects.toMatchObject({ reason: 'share-unreadable' });
    await local.remove(order.id);
    expect((await run(confined(bench.config, null, {}, ['id', '-u']), 1000)).stdout.trim()).toBe(String(process.getuid?.()));
  });
};

describe(`the launcher ${privileged() ? 'as a process of root' : 'without privilege'}`, privileged() ? asRoot : asAnybody);

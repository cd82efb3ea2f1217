import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MachineSpec, Share } from '../machine';
import { aPersonalisation } from '../testing/machine-spec';
import { privileged } from './launcher/confined';
import { QemuHypervisor } from './qemu-hypervisor';
import { scriptedImage } from './testing/scripted-image';
import { QemuBench, TINY_MS, until } from './testing/real-qemu';

jest.setTimeout(4 * TINY_MS);

let bench: QemuBench;
let hypervisor: QemuHypervisor;
beforeAll(() => {
  bench = new QemuBench();
  hypervisor = bench.hypervisor({ templatesDir: bench.config.templatesDir });
});
afterAll(() => bench.clear());

const data = (hostPath: string): Share => ({ tag: 'data', kind: 'virtiofs', hostPath, readOnly: true, limitMib: null });
const scratch = (name: string): Share => {
  return { tag: 'scratch', hostPath: join(bench.config.scratchDir, name), readOnly: false, limitMib: 64 };
};
const mounts = [
  { tag: 'data', guestPath: '/data/20260301', readOnly: true, kind: 'virtiofs' },
  { tag: 'scratch', guestPath: '/scratch', readOnly: false },
] as const;

/** A folder of data that holds one file. */
function measured(name: string): string {
  const folder = join(bench.root, 'data', name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'file'), 'measured\n');
  // Whoever serves it could write here by the modes alone.
  chmodSync(folder, 0o777);
  chmodSync(join(folder, 'file'), 0o666);
  if (privileged()) for (const path of [folder, join(folder, 'file')]) chownSync(path, 64106, 64106);
  return folder;
}

async function running(script: string, folder: string, name: string, given: Partial<MachineSpec> = {}): Promise<MachineSpec> {
  const spec = { ...(await bench.spec([data(folder), scratch(name)])), image: scriptedImage(bench, script), ...given };
  await hypervisor.create(spec);
  await hypervisor.personalise(spec.id, aPersonalisation({ mounts: [...mounts] }), 2 * TINY_MS);
  return spec;
}

async function answerOf(name: string): Promise<string> {
  const path = join(bench.config.scratchDir, name, 'answer');
  await until(() => existsSync(path), Boolean, 2 * TINY_MS);
  return readFileSync(path, 'utf8');
}

/** Pids of what serves a machine's data. */
const serversOf = (id: string): number[] =>
  readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => wordsOf(pid).includes(`source=/shares/${id}/data`));

function wordsOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

const asRoot = () => {
  it('can be read, not written even by the guest’s root, and lead nowhere else; what is added is seen', async () => {
    const folder = measured('shown, and more');
    writeFileSync(join(bench.root, 'data', 'secret'), 'of others');
    symlinkSync('/etc/shadow', join(folder, 'absolute'));
    symlinkSync('../secret', join(folder, 'above'));
    symlinkSync('/proc/1/root/etc/passwd', join(folder, 'around'));
    const at = '/data/20260301';
    const tries = (what: string) => `( ${what} ) 2>/dev/null && echo done || echo refused`;
    const script = `
      cat ${at}/file
      mount -o remount,rw ${at}; ${tries(`touch ${at}/new`)}; ${tries(`rm ${at}/file`)}; ${tries(`echo x >> ${at}/file`)}
      ${tries(`ln -s x ${at}/link`)}; ${tries(`mkdir ${at}/folder`)}; ${tries(`chmod 777 ${at}/file`)}; ${tries(`mv ${at}/file ${at}/other`)}
      ${tries(`mknod ${at}/node c 1 3`)}; ${tries(`chown 5 ${at}/file`)}; ${tries(`ln ${at}/file ${at}/hard`)}
      for name in absolute above around; do readlink ${at}/$name; done
      cat ${at}/above ${at}/../secret ${at}/absolute 2>/dev/null; ls -a ${at}/.. | tr '\\n' ' '; echo
      mkdir /tmp/again; mount -t virtiofs data /tmp/again && ls /tmp/again/../../etc/shadow 2>/dev/null
      touch /scratch/ready; until [ -e ${at}/later/restored ]; do sleep 0.2; done; cat ${at}/later/restored`;
    const spec = await running(script, folder, 'ada/one');
    expect(await hypervisor.find(spec.id)).toMatchObject({ path: 'cold', coldReason: expect.stringMatching(/virtiofs/) });
    await until(() => existsSync(join(bench.config.scratchDir, 'ada/one/ready')), Boolean, 2 * TINY_MS);
    mkdirSync(join(folder, 'later'));
    writeFileSync(join(folder, 'later/restored'), 'from the archive\n');
    const refused = 'refused\n'.repeat(10);
    expect(await answerOf('ada/one')).toBe(
      `measured\n${refused}/etc/shadow\n../secret\n/proc/1/root/etc/passwd\n. .. 20260301 \nfrom the archive\n`,
    );
    expect(readdirSync(folder).sort()).toEqual(['above', 'absolute', 'around', 'file', 'later']);
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('measured\n');
    await hypervisor.destroy(spec.id);
    expect(serversOf(spec.id)).toEqual([]);
  });

  it('is served with the person’s ids and nothing else in sight, and ends with its machine', async () => {
    const spec = await running('true', measured('ids'), 'ada/two');
    const servers = serversOf(spec.id);
    expect(servers.length).toBeGreaterThan(0);
    for (const pid of servers) {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      expect(status).toMatch(/^Uid:\s64106\s64106\s64106\s64106$/m);
      expect(status).toMatch(/^Gid:\s64106\s64106\s64106\s64106$/m);
      expect(status).toMatch(/^Groups:\s*$/m);
      expect(status).toMatch(/^NoNewPrivs:\s1$/m);
      // Number 0 outside, which every right would need, is nobody inside.
      expect(readFileSync(`/proc/${pid}/uid_map`, 'utf8').trim().split(/\s+/)).toEqual(['0', '64106', '1']);
    }
    // The one that speaks with the guest: its root is the data, read-only, and it can make no socket.
    const speaking = servers.at(-1) ?? 0;
    expect(readdirSync(`/proc/${speaking}/root`)).toEqual(['file']);
    expect(readFileSync(`/proc/${speaking}/mountinfo`, 'utf8')).toMatch(/ \/ ro,nosuid,nodev/);
    expect(readFileSync(`/proc/${speaking}/status`, 'utf8')).toMatch(/^Seccomp:\s2$/m);
    const process = JSON.parse(readFileSync(join(bench.folder(spec.id), 'machine.json'), 'utf8')) as { process: { pid: number } };
    global.process.kill(process.process.pid, 'SIGKILL');
    expect(await until(() => serversOf(spec.id), (pids) => pids.length === 0, 5000)).toEqual([]);
  });

  it('survives us, is known to the next of us, and its loss is told', async () => {
    const spec = await running('true', measured('adopted'), 'ada/three');
    const servers = serversOf(spec.id);
    await bench.release();
    hypervisor = bench.hypervisor({ templatesDir: bench.config.templatesDir });
    expect(await until(() => hypervisor.find(spec.id), (machine) => machine?.session === 'up', TINY_MS)).toMatchObject({ notice: null });
    expect(serversOf(spec.id)).toEqual(servers);
    for (const pid of servers) process.kill(pid, 'SIGKILL');
    const told = await until(() => hypervisor.find(spec.id), (machine) => machine?.notice !== null, TINY_MS);
    expect(told).toMatchObject({ phase: 'on', notice: expect.stringMatching(/does not answer any more/) });
    await hypervisor.stop(spec.id, 'cut');
    await hypervisor.start(spec.id, 'another8');
    expect(serversOf(spec.id)).toHaveLength(servers.length);
    expect(await until(() => hypervisor.find(spec.id), (machine) => machine?.notice === null, TINY_MS)).toMatchObject({ phase: 'on' });
    await hypervisor.destroy(spec.id);
    expect(serversOf(spec.id)).toEqual([]);
  });

  it('reads with the one of the person’s groups that opens the folder, and refuses where none does', async () => {
    const folder = measured('team');
    chownSync(folder, 0, 64108);
    chmodSync(folder, 0o750);
    const asked = { ...(await bench.spec([data(folder)])), runAs: { uid: 64107, gid: 64107, groups: [64109, 64108] } };
    await hypervisor.create(asked);
    for (const pid of serversOf(asked.id)) expect(readFileSync(`/proc/${pid}/status`, 'utf8')).toMatch(/^Gid:\s64108\s/m);
    const outsider = { ...(await bench.spec([data(folder)])), runAs: { uid: 64107, gid: 64107, groups: [64109] } };
    await expect(hypervisor.create(outsider)).rejects.toMatchObject({ reason: 'share-unreadable' });
    expect(serversOf(outsider.id)).toEqual([]);
    expect(existsSync(bench.folder(outsider.id))).toBe(false);
  });
};

const asAnybody = () => {
  it('is refused, and says what it needs', async () => {
    const spec = await bench.spec([data(measured('refused'))]);
    await expect(hypervisor.create(spec)).rejects.toMatchObject({ detail: expect.stringMatching(/needs the machine launcher/) });
    expect(existsSync(bench.folder(spec.id))).toBe(false);
  });
};

describe(`data by virtiofs, ${privileged() ? 'as root' : 'without privilege'}`, privileged() ? asRoot : asAnybody);

it('virtiofs is refused for what can be written', async () => {
  const spec = await bench.spec([{ ...scratch('ada/four'), kind: 'virtiofs' }]);
  await expect(hypervisor.create(spec)).rejects.toMatchObject({ detail: expect.stringMatching(/for reading only/) });
});

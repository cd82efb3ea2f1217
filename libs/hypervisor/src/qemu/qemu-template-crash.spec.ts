import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TemplateSpec } from '../machine';
import { aPersonalisation } from '../testing/machine-spec';
import { privileged } from './launcher/confined';
import { localLauncher } from './launcher/local-launcher';
import { findProcess } from './launcher/processes';
import { QemuHypervisor } from './qemu-hypervisor';
import { TemplateRecord } from './templates/template-record';
import { dyingAfter } from './testing/dying-launcher';
import { QemuBench, TINY_MS, until } from './testing/real-qemu';

jest.setTimeout(4 * TINY_MS);

let bench: QemuBench;
let templatesDir: string;
beforeAll(() => {
  bench = new QemuBench();
  templatesDir = join(bench.root, 'templates');
});
afterEach(() => bench.release());
afterAll(() => bench.clear());

const wanted = (): TemplateSpec[] => [
  { image: bench.image, flavour: { vcpus: 1, memoryMib: 192, diskMib: 64 }, protocol: 'vnc', shares: [] },
];
const folders = () => (existsSync(templatesDir) ? readdirSync(templatesDir) : []);
const pids = (mark: string) =>
  readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(mark);
    } catch {
      return false;
    }
  });
const builders = () => pids(`mem-path=${templatesDir}`).filter((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('share=on'));
const state = async (hypervisor: QemuHypervisor) => (await hypervisor.templates())[0]?.state;

async function ready(): Promise<QemuHypervisor> {
  const hypervisor = bench.hypervisor({ templatesDir });
  await hypervisor.keepTemplates(wanted());
  expect(await until(() => state(hypervisor), (seen) => seen === 'ready', 2 * TINY_MS)).toBe('ready');
  return hypervisor;
}

describe('the builder of a template is killed', () => {
  it.each([1, 2, 3, 4, 5])('after %i steps: the next of us finishes or undoes it', async (steps) => {
    const { launcher, dead } = dyingAfter(steps, localLauncher(bench.config));
    const first = bench.hypervisor({ launcher, templatesDir });
    await first.keepTemplates(wanted());
    await dead;
    await first.close();
    const next = bench.hypervisor({ templatesDir });
    await next.keepTemplates([]);
    expect(await until(folders, (left) => left.length === 0, TINY_MS)).toEqual([]);
    expect(builders()).toEqual([]);
  });

  it('together with its machine, or the machine alone: it is built anew', async () => {
    const hypervisor = bench.hypervisor({ templatesDir });
    await hypervisor.keepTemplates(wanted());
    const [pid = ''] = await until(builders, (seen) => seen.length > 0, TINY_MS);
    process.kill(Number(pid), 'SIGKILL');
    await until(async () => (await hypervisor.templates())[0]?.failures, (failures) => failures === 1, TINY_MS);
    expect((await hypervisor.templates())[0]).toMatchObject({ failure: expect.stringContaining('ended') });
    expect(await until(() => state(hypervisor), (seen) => seen === 'ready', 2 * TINY_MS)).toBe('ready');
    // What failed before goes once the good one is there.
    expect(await until(async () => folders(), (left) => left.length === 1, TINY_MS)).toHaveLength(1);
  });
});

describe('whoever makes a copy is killed', () => {
  it.each([1, 2, 3, 4, 5])('after %i steps: there is a whole machine or none', async (steps) => {
    await ready().then((hypervisor) => hypervisor.close());
    const { launcher, dead } = dyingAfter(steps, localLauncher(bench.config));
    const first = bench.hypervisor({ launcher, templatesDir });
    const spec = await bench.spec();
    await Promise.race([dead, first.create(spec)]);
    await first.close();
    const next = await ready();
    const found = await next.find(spec.id);
    expect(found === null ? findProcess(spec.id) : found.path).toBe(found === null ? null : 'clone');
    expect(await next.create(spec)).toMatchObject({ path: 'clone', phase: 'on' });
    await next.personalise(spec.id, aPersonalisation(), TINY_MS);
    await next.destroy(spec.id);
    expect(existsSync(bench.folder(spec.id))).toBe(false);
    expect((await next.templates())[0]).toMatchObject({ state: 'ready', machines: 0, failures: 0 });
  });

  it('a copy that dies is told, and the template still serves the next', async () => {
    const hypervisor = await ready();
    const { id } = await hypervisor.create(await bench.spec());
    process.kill(findProcess(id)?.pid ?? 0, 'SIGKILL');
    expect(await until(() => hypervisor.find(id), (seen) => seen?.phase === 'off', TINY_MS)).toMatchObject({ exit: 'crashed' });
    const next = await hypervisor.create(await bench.spec());
    expect(next.path).toBe('clone');
    for (const machine of [id, next.id]) await hypervisor.destroy(machine);
  });
});

const asRoot = () => {
  it('is reported and leaves nothing but the reason; launches boot', async () => {
    const small = join(bench.root, 'small');
    mkdirSync(small);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', small]);
    try {
      const hypervisor = bench.hypervisor({
        launcher: localLauncher({ ...bench.config, templatesDir: small }),
        templatesDir: small,
      });
      await hypervisor.keepTemplates(wanted());
      const seen = await until(async () => (await hypervisor.templates())[0], (one) => Boolean(one?.failure), 2 * TINY_MS);
      expect(seen?.state).not.toBe('ready');
      const machine = await hypervisor.create(await bench.spec());
      expect(machine).toMatchObject({ path: 'cold', phase: 'on', coldReason: expect.stringMatching(/\w/) });
      await hypervisor.destroy(machine.id);
      await hypervisor.keepTemplates([]);
      await until(() => readdirSync(small), (left) => left.length === 0, TINY_MS);
      const records = readdirSync(small).map((id) => JSON.parse(readFileSync(join(small, id, 'template.json'), 'utf8')) as TemplateRecord);
      expect(records).toEqual([]);
      expect(pids(`mem-path=${small}`)).toEqual([]);
      await hypervisor.close();
    } finally {
      execFileSync('umount', ['-l', small]);
    }
  });
};

(privileged() ? describe : describe.skip)('a disk that is full while a template is saved', asRoot);

import {
  chmodSync,
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { Machine, Template, TemplateSpec } from '../machine';
import { aPersonalisation } from '../testing/machine-spec';
import { privileged } from './launcher/confined';
import { QemuHypervisor } from './qemu-hypervisor';
import { QemuOptions } from './options';
import { scriptedImage } from './testing/scripted-image';
import { QemuBench, TINY_MS, until } from './testing/real-qemu';

jest.setTimeout(4 * TINY_MS);

const bench = new QemuBench();
const templatesDir = join(bench.root, 'templates');
const specs = (): TemplateSpec[] => [
  { image: bench.image, flavour: { vcpus: 1, memoryMib: 192, diskMib: 64 }, protocol: 'vnc', shares: [] },
];
const withTemplates = (given: Partial<QemuOptions> = {}) => bench.hypervisor({ templatesDir, ...given });

async function ready(hypervisor: QemuHypervisor, wanted = specs()): Promise<Template> {
  await hypervisor.keepTemplates(wanted);
  const [template] = await until(() => hypervisor.templates(), ([one]) => one?.state === 'ready', 2 * TINY_MS);
  expect(template).toMatchObject({ state: 'ready', failures: 0, failure: null, wanted: true });
  return template as Template;
}

async function launch(hypervisor: QemuHypervisor): Promise<Machine> {
  const machine = await hypervisor.create(await bench.spec());
  await hypervisor.personalise(machine.id, aPersonalisation(), TINY_MS);
  return (await hypervisor.find(machine.id)) as Machine;
}

const folders = () => readdirSync(templatesDir);
const fileOf = (name: string) => join(templatesDir, folders()[0] ?? '', name);

afterEach(() => bench.release());
afterAll(() => bench.clear());

describe('a template', () => {
  it('is built once, told about meanwhile, and makes machines that are up at once', async () => {
    const hypervisor = withTemplates();
    expect(await launch(hypervisor)).toMatchObject({ path: 'cold', coldReason: expect.stringContaining('not made yet') });
    await hypervisor.keepTemplates(specs());
    const [building] = await until(() => hypervisor.templates(), ([one]) => one?.state === 'building', TINY_MS);
    expect(building?.step).toMatch(/\w/);
    expect(building?.progress).toBeGreaterThanOrEqual(0);
    const cold = await hypervisor.create(await bench.spec());
    expect(cold).toMatchObject({ path: 'cold', coldReason: expect.stringContaining('being made') });
    const template = await ready(hypervisor);
    expect(template.sizeMib).toBeGreaterThan(10);
    const clone = await launch(hypervisor);
    expect(clone).toMatchObject({ path: 'clone', coldReason: null, session: 'up', personalised: true });
    expect((await hypervisor.templates())[0]).toMatchObject({ machines: 1 });
    for (const { id } of await hypervisor.list()) await hypervisor.destroy(id);
    expect((await hypervisor.templates())[0]).toMatchObject({ machines: 0, key: template.key });
  });

  it('is copied for whoever is to read the data', async () => {
    const hypervisor = withTemplates();
    await ready(hypervisor);
    const runAs = privileged() ? { uid: 64_108, gid: 64_108, groups: [64_109] } : null;
    const { id, path, ref } = await hypervisor.create({ ...(await bench.spec()), runAs });
    expect(path).toBe('clone');
    const [, pid = ''] = ref.split(' ');
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const own = process.getuid?.();
    expect(status).toMatch(new RegExp(`^Uid:\\s+${runAs?.uid ?? own}\\s+${runAs?.uid ?? own}\\s`, 'm'));
    await hypervisor.personalise(id, aPersonalisation(), TINY_MS);
    await hypervisor.destroy(id);
  });

  it('has copies that each read a boot id of their own', async () => {
    const hypervisor = withTemplates();
    const image = scriptedImage(bench, 'cat /proc/sys/kernel/random/boot_id');
    await ready(hypervisor, specs().map((spec) => ({ ...spec, image, shares: [{ tag: 'scratch', readOnly: false }] })));
    const read = async (name: string) => {
      const hostPath = join(bench.config.scratchDir, name);
      const spec = { ...(await bench.spec([{ tag: 'scratch', hostPath, readOnly: false, limitMib: 16 }])), image };
      expect(await hypervisor.create(spec)).toMatchObject({ path: 'clone' });
      const mounts = [{ tag: 'scratch', guestPath: '/scratch', readOnly: false }];
      await hypervisor.personalise(spec.id, aPersonalisation({ mounts }), TINY_MS);
      await until(() => existsSync(join(hostPath, 'answer')), Boolean, TINY_MS);
      await hypervisor.destroy(spec.id);
      return readFileSync(join(hostPath, 'answer'), 'utf8').trim();
    };
    const [one, other] = [await read('first'), await read('second')];
    expect(one).toMatch(/^[0-9a-f-]{36}$/);
    expect(other).toMatch(/^[0-9a-f-]{36}$/);
    expect(other).not.toBe(one);
    await hypervisor.keepTemplates([]);
    expect(await until(folders, (left) => left.length === 0, TINY_MS)).toEqual([]);
  });

  it('is found again by the next of us, and used', async () => {
    const hypervisor = withTemplates();
    const { key } = await ready(hypervisor);
    const [id] = folders();
    expect(folders()).toHaveLength(1);
    const clone = await launch(hypervisor);
    await hypervisor.close();
    const next = withTemplates();
    expect(await next.find(clone.id)).toMatchObject({ path: 'clone', phase: 'on' });
    expect(await ready(next)).toMatchObject({ key, machines: 1 });
    expect(folders()).toEqual([id]);
    await next.destroy(clone.id);
  });

  it('starts a kept disk by booting it', async () => {
    const hypervisor = withTemplates();
    await ready(hypervisor);
    const { id } = await launch(hypervisor);
    await hypervisor.stop(id);
    expect(await until(() => hypervisor.find(id), (seen) => seen?.phase === 'off', TINY_MS)).toMatchObject({ exit: 'guest-poweroff' });
    // Nobody wants the template any more; the disk still lies on it.
    await hypervisor.keepTemplates([]);
    expect(await hypervisor.templates()).toEqual([expect.objectContaining({ wanted: false, machines: 1 })]);
    await hypervisor.start(id, 'another8');
    await hypervisor.personalise(id, aPersonalisation(), TINY_MS);
    expect(await until(() => hypervisor.find(id), (seen) => seen?.session === 'up', TINY_MS)).toMatchObject({ path: 'cold', personalised: true });
    await hypervisor.destroy(id);
    await hypervisor.keepTemplates([]);
    expect(await until(folders, (left) => left.length === 0, TINY_MS)).toEqual([]);
  });

  it('that was altered makes no machine: launches boot, and it is built anew', async () => {
    const logged: string[] = [];
    const hypervisor = withTemplates({ log: (level, message) => logged.push(`${level} ${message}`) });
    await ready(hypervisor);
    const before = statSync(fileOf('memory'));
    const file = openSync(fileOf('memory'), 'r+');
    writeSync(file, 'altered', 64 * 1024 * 1024);
    closeSync(file);
    utimesSync(fileOf('memory'), before.atime, before.mtime);
    expect(await launch(hypervisor)).toMatchObject({ path: 'cold', coldReason: expect.stringContaining('did not work') });
    expect(logged).toContain('warn a template failed');
    const [broken] = await hypervisor.templates();
    expect(broken).toMatchObject({ failures: 1 });
    await ready(hypervisor);
    expect(await launch(hypervisor)).toMatchObject({ path: 'clone' });
    for (const { id } of await hypervisor.list()) await hypervisor.destroy(id);
  });

  it('that was cut short is noticed at the next start', async () => {
    const hypervisor = withTemplates();
    await ready(hypervisor);
    await hypervisor.close();
    chmodSync(fileOf('state'), 0o600);
    truncateSync(fileOf('state'), 1000);
    const next = withTemplates();
    await next.keepTemplates(specs());
    expect((await next.templates())[0]).toMatchObject({ failures: 1, failure: expect.stringContaining('altered') });
    await ready(next);
  });

  it('that was only touched is used after its content was compared', async () => {
    const hypervisor = withTemplates();
    await ready(hypervisor);
    const [id] = folders();
    await hypervisor.close();
    utimesSync(fileOf('memory'), 1, 1);
    const next = withTemplates();
    await ready(next);
    expect(folders()).toEqual([id]);
    const clone = await launch(next);
    expect(clone.path).toBe('clone');
    await next.destroy(clone.id);
  });

  it('can be had anew while machines hold on to the old one', async () => {
    const hypervisor = withTemplates();
    const { key } = await ready(hypervisor);
    const [old] = folders();
    const clone = await launch(hypervisor);
    await hypervisor.rebuildTemplate(key);
    await until(folders, (found) => found.length === 2, TINY_MS);
    await until(() => hypervisor.templates(), ([one]) => one?.state === 'ready' && one.buildSeconds !== null, TINY_MS);
    expect(folders()).toContain(old);
    await hypervisor.destroy(clone.id);
    await until(async () => (await hypervisor.keepTemplates(specs()), folders()), (found) => found.length === 1, TINY_MS);
    expect(folders()).not.toContain(old);
  });

  it('is set aside after two failures, with the reason, and launches go on', async () => {
    const logged: string[] = [];
    const hypervisor = withTemplates({ templateBuildMs: 50, log: (level, message) => logged.push(`${level} ${message}`) });
    const other = specs().map((spec) => ({ ...spec, flavour: { ...spec.flavour, memoryMib: 160 } }));
    await hypervisor.keepTemplates(other);
    const [template] = await until(() => hypervisor.templates(), ([one]) => one?.state === 'set-aside', TINY_MS);
    expect(template).toMatchObject({ state: 'set-aside', failures: 2, failure: expect.stringContaining('too long') });
    expect(logged.filter((line) => line.startsWith('error a template is set aside'))).toHaveLength(1);
    const spec = await bench.spec();
    const machine = await hypervisor.create({ ...spec, flavour: { ...spec.flavour, memoryMib: 160 } });
    expect(machine).toMatchObject({ path: 'cold', coldReason: expect.stringContaining('facility') });
    await hypervisor.destroy(machine.id);
  });

  it('is not tried for a guest that nobody could tell whose it is', async () => {
    const hypervisor = withTemplates();
    await hypervisor.keepTemplates(specs().map((spec) => ({ ...spec, image: { ...spec.image, agent: false } })));
    expect(await hypervisor.templates()).toEqual([
      expect.objectContaining({ state: 'impossible', failure: expect.stringContaining('agent') }),
    ]);
  });

  it('leaves nothing running and nothing half made when its builder ends', async () => {
    const hypervisor = withTemplates();
    const other = specs().map((spec) => ({ ...spec, flavour: { ...spec.flavour, memoryMib: 176 } }));
    await hypervisor.keepTemplates(other);
    const [seen] = await until(() => hypervisor.templates(), ([one]) => one?.step === 'Booting', TINY_MS);
    expect(seen?.state).toBe('building');
    await hypervisor.close();
    const builds = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && wordsOf(pid).includes(`mem-path=${templatesDir}`));
    expect(builds).toEqual([]);
    expect(folders().filter((id) => existsSync(join(templatesDir, id, 'vm')))).toEqual([]);
  });
});

function wordsOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

describe('two installations on one host', () => {
  it('build the same template side by side, each its own', async () => {
    const second = new QemuBench();
    const others = join(second.root, 'templates');
    const one = withTemplates();
    const two = second.hypervisor({ templatesDir: others });
    const wanted = specs().map((spec) => ({ ...spec, flavour: { ...spec.flavour, memoryMib: 208 } }));
    try {
      const [first, other] = await Promise.all([ready(one, wanted), ready(two, wanted)]);
      expect(first.key).toBe(other.key);
      expect([first.failures, other.failures]).toEqual([0, 0]);
      expect(readdirSync(others)).toHaveLength(1);
    } finally {
      await second.clear();
    }
  });
});

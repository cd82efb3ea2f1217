import { spawn } from 'node:child_process';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HypervisorUnreachable } from '../errors';
import { MachineSpec } from '../machine';
import { aPersonalisation } from '../testing/machine-spec';
import { localLauncher } from './launcher/local-launcher';
import { findProcess, identify, lives } from './launcher/processes';
import { QemuHypervisor } from './qemu-hypervisor';
import { MachineRecord } from './record';
import { dyingAfter } from './testing/dying-launcher';
import { QemuBench, TINY_MS, until } from './testing/real-qemu';

jest.setTimeout(2 * TINY_MS);

let bench: QemuBench;
beforeAll(() => (bench = new QemuBench()));
afterEach(() => bench.release());
afterAll(() => bench.clear());

const recordOf = (id: string) => JSON.parse(readFileSync(join(bench.folder(id), 'machine.json'), 'utf8')) as MachineRecord;
const rewrite = (id: string, how: (record: MachineRecord) => MachineRecord) =>
  writeFileSync(join(bench.folder(id), 'machine.json'), JSON.stringify(how(recordOf(id))));

async function booted(hypervisor: QemuHypervisor): Promise<MachineSpec> {
  const spec = await bench.spec();
  await hypervisor.create(spec);
  await hypervisor.personalise(spec.id, aPersonalisation(), TINY_MS);
  return spec;
}

describe('a machine outlives the process that made it', () => {
  it('is adopted as it is, its end noted with the reason though nobody watched', async () => {
    const first = bench.hypervisor();
    const { id } = await booted(first);
    await first.close();

    const second = bench.hypervisor();
    const adopted = await until(() => second.find(id), (machine) => machine?.session === 'up', 5000);
    expect(adopted).toMatchObject({ phase: 'on', session: 'up', personalised: true });
    await second.stop(id);
    await second.close();

    const qemu = recordOf(id).process;
    await until(() => existsSync(`/proc/${qemu?.pid}`), (there) => !there, 6000);
    const third = bench.hypervisor();
    const off = await until(() => third.find(id), (machine) => machine?.phase === 'off', 10_000);
    expect(off).toMatchObject({ phase: 'off', exit: 'guest-poweroff', session: 'unknown' });
    expect(qemu && lives(qemu)).toBe(false);
    await third.destroy(id);
    expect(existsSync(bench.folder(id))).toBe(false);
  });

  it('is seen to die within two seconds, watched or not', async () => {
    const hypervisor = bench.hypervisor();
    const { id } = await bench.spec().then(async (spec) => hypervisor.create(spec));
    const hinted = new Promise<void>((resolve) => hypervisor.watch((changed) => changed === id && resolve()));
    const at = Date.now();
    process.kill(recordOf(id).process?.pid ?? 0, 'SIGKILL');
    await hinted;
    expect(Date.now() - at).toBeLessThan(2000);
    expect(await hypervisor.find(id)).toMatchObject({ phase: 'off', exit: 'crashed' });
    await hypervisor.start(id, 'another8');
    await hypervisor.close();
    process.kill(recordOf(id).process?.pid ?? 0, 'SIGKILL');
    const next = bench.hypervisor();
    expect(await until(() => next.find(id), (m) => m?.phase === 'off', 2000)).toMatchObject({ exit: 'crashed' });
  });
});

/** Starts the work and lets it die after so many steps; false when it was done before. */
async function killedAfter(steps: number, work: (hypervisor: QemuHypervisor) => Promise<unknown>): Promise<boolean> {
  const { launcher, dead } = dyingAfter(steps, localLauncher(bench.config));
  const hypervisor = bench.hypervisor({ launcher });
  const finished = work(hypervisor).then(() => 'done');
  const how = await Promise.race([dead, finished]);
  await hypervisor.close();
  return how !== 'done';
}

describe('killed at any step', () => {
  it('of create: the next create makes exactly one machine', async () => {
    let windows = 0;
    for (;;) {
      const spec = await bench.spec();
      const killed = await killedAfter(windows + 1, (hypervisor) => hypervisor.create(spec));
      if (!killed) break;
      windows++;
      const before = findProcess(spec.id);
      const next = bench.hypervisor();
      expect(await next.create(spec)).toMatchObject({ phase: 'on', id: spec.id });
      const now = findProcess(spec.id);
      expect(now).toEqual(recordOf(spec.id).process);
      if (before && before.pid !== now?.pid) expect(lives(before)).toBe(false);
      await next.destroy(spec.id);
      await next.close();
    }
    expect(windows).toBeGreaterThanOrEqual(5);
  });

  it('of create: asking says gone only once it is, and nothing stays', async () => {
    for (const steps of [1, 2, 3, 4]) {
      const spec = await bench.spec();
      expect(await killedAfter(steps, (hypervisor) => hypervisor.create(spec))).toBe(true);
      const next = bench.hypervisor();
      expect((await next.list()).map(({ id }) => id)).not.toContain(spec.id);
      expect(await next.find(spec.id)).toBeNull();
      expect(findProcess(spec.id)).toBeNull();
      expect(existsSync(bench.folder(spec.id))).toBe(false);
      await next.close();
    }
  });

  it('of start: it is off, and can be started', async () => {
    const first = bench.hypervisor();
    const spec = await bench.spec();
    await first.create(spec);
    process.kill(recordOf(spec.id).process?.pid ?? 0, 'SIGKILL');
    await until(() => first.find(spec.id), (machine) => machine?.phase === 'off', 2000);
    await first.close();
    // The record of the end, the look for a process, the process, its record, the running guest's record.
    for (const steps of [1, 2, 3, 4]) {
      expect(await killedAfter(steps, (doomed) => doomed.start(spec.id, 'another8'))).toBe(true);
      const next = bench.hypervisor();
      expect(await until(() => next.find(spec.id), (machine) => machine?.phase === 'off', 8000)).toMatchObject({ phase: 'off' });
      expect(await until(() => findProcess(spec.id), (process) => process === null, 8000)).toBeNull();
      await next.close();
    }
    const last = bench.hypervisor();
    await last.start(spec.id, 'another8');
    expect(await last.find(spec.id)).toMatchObject({ phase: 'on', exit: null });
    await last.destroy(spec.id);
  });

  it('of destroy: the next destroy ends it', async () => {
    for (const steps of [1, 2, 3]) {
      const hypervisor = bench.hypervisor();
      const spec = await bench.spec();
      await hypervisor.create(spec);
      await hypervisor.close();
      await killedAfter(steps, (doomed) => doomed.destroy(spec.id));
      const next = bench.hypervisor();
      await next.destroy(spec.id);
      expect(await next.find(spec.id)).toBeNull();
      expect(findProcess(spec.id)).toBeNull();
      expect(existsSync(bench.folder(spec.id))).toBe(false);
      await next.close();
    }
  });
});

describe('what is not ours', () => {
  it('a machine of another installation is listed and never touched', async () => {
    const other = bench.hypervisor({ installation: 'another' });
    const spec = { ...(await bench.spec()), installation: 'another' };
    await other.create(spec);
    const ours = bench.hypervisor();
    expect((await ours.list()).find(({ id }) => id === spec.id)).toMatchObject({ installation: 'another', phase: 'on' });
    const attempts = [ours.destroy(spec.id), ours.stop(spec.id), ours.start(spec.id, 'another8'), ours.create(spec)];
    for (const attempt of attempts) await expect(attempt).rejects.toMatchObject({ reason: 'start-failed' });
    expect(await other.find(spec.id)).toMatchObject({ phase: 'on' });
    await other.destroy(spec.id);
  });

  it('a process that got the pid of a dead machine is not killed', async () => {
    const hypervisor = bench.hypervisor();
    const { id } = await bench.spec().then((spec) => hypervisor.create(spec));
    const { pid = 0 } = recordOf(id).process ?? {};
    process.kill(pid, 'SIGKILL');
    await until(() => existsSync(`/proc/${pid}/exe`), (there) => !there, 2000);
    await hypervisor.close();
    const innocent = spawn('sleep', ['600']);
    const identity = identify(innocent.pid ?? 0);
    rewrite(id, (record) => ({ ...record, exit: null, process: identity }));
    const next = bench.hypervisor();
    expect(await next.find(id)).toMatchObject({ phase: 'off' });
    await next.destroy(id);
    expect(identity && lives(identity)).toBe(true);
    innocent.kill();
  });
});

describe('what cannot be known', () => {
  it('is unreachable, never gone', async () => {
    const hypervisor = bench.hypervisor();
    const { id } = await bench.spec().then((spec) => hypervisor.create(spec));
    renameSync(bench.config.machinesDir, `${bench.config.machinesDir}.away`);
    try {
      await expect(hypervisor.find(id)).rejects.toBeInstanceOf(HypervisorUnreachable);
      await expect(hypervisor.list()).rejects.toBeInstanceOf(HypervisorUnreachable);
      await expect(hypervisor.destroy(id)).rejects.toBeInstanceOf(HypervisorUnreachable);
    } finally {
      renameSync(`${bench.config.machinesDir}.away`, bench.config.machinesDir);
    }
    expect(await hypervisor.find(id)).toMatchObject({ phase: 'on' });
    await hypervisor.destroy(id);
  });

  it('a record that cannot be read hides no machine that runs', async () => {
    const hypervisor = bench.hypervisor();
    const { id } = await bench.spec().then((spec) => hypervisor.create(spec));
    await hypervisor.close();
    writeFileSync(join(bench.folder(id), 'machine.json'), '{"version":1,');
    const next = bench.hypervisor();
    expect(await next.find(id)).toBeNull();
    expect(findProcess(id)).toBeNull();
  });
});

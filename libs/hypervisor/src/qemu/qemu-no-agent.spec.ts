import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MachineSpec } from '../machine';
import { bootSectorDisk } from '../testing/boot-sector';
import { QemuBench, TINY_MS, until } from './testing/real-qemu';

jest.setTimeout(2 * TINY_MS);

describe('a guest without our agent', () => {
  const bench = new QemuBench();

  afterAll(() => bench.clear());

  async function spec(disk: Buffer, name: string): Promise<MachineSpec> {
    const folder = join(bench.root, 'images', name);
    mkdirSync(folder);
    writeFileSync(join(folder, 'disk.raw'), disk);
    execFileSync('qemu-img', ['convert', '-f', 'raw', '-O', 'qcow2', join(folder, 'disk.raw'), join(folder, 'disk.qcow2')]);
    const image = { id: name, disk: join(folder, 'disk.qcow2'), boot: { kind: 'disk' as const }, agent: false, sha256: null, keymap: null };
    return { ...(await bench.spec()), image };
  }

  it('is up once it shows a picture, also for who has just begun to look; in text mode it is not', async () => {
    const [shows, silent] = [await spec(bootSectorDisk(), 'shows'), await spec(bootSectorDisk({ text: true }), 'silent')];
    const first = bench.hypervisor();
    await Promise.all([first.create(shows), first.create(silent)]);
    const machine = await until(() => first.find(shows.id), (found) => found?.session === 'up', TINY_MS);
    expect(machine).toMatchObject({ phase: 'on', personalised: true, notice: expect.stringContaining('is a guess') });
    expect(await first.find(silent.id)).toMatchObject({ phase: 'on', session: 'unknown', personalised: false });
    await bench.release();
    const second = bench.hypervisor();
    expect((await second.find(shows.id))?.session).toBe('unknown');
    await until(() => second.find(shows.id), (found) => found?.session === 'up', TINY_MS);
    expect(await second.find(silent.id)).toMatchObject({ phase: 'on', session: 'unknown' });
  });
});

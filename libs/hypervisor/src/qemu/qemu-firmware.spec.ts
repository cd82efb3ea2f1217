import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MachineSpec } from '../machine';
import { seedDisk } from '../seed/cloud-init';
import { aPersonalisation } from '../testing/machine-spec';
import { privileged } from './launcher/confined';
import { DEBIAN } from './launcher/platforms';
import { QemuHypervisor } from './qemu-hypervisor';
import { MachineRecord } from './record';
import { QemuBench, TINY_MS, until } from './testing/real-qemu';

jest.setTimeout(5 * TINY_MS);

let bench: QemuBench;
let hypervisor: QemuHypervisor;
beforeAll(() => {
  bench = new QemuBench();
  hypervisor = bench.hypervisor();
});
afterAll(() => bench.clear());

const wordsOf = (id: string) => (JSON.parse(readFileSync(join(bench.folder(id), 'machine.json'), 'utf8')) as MachineRecord).argv;
const settingsOf = (id: string) => join(bench.folder(id), 'vm/vars.fd');

async function uefiSpec(given: Partial<MachineSpec> = {}): Promise<MachineSpec> {
  const spec = await bench.spec();
  return { ...spec, ...given, image: { ...spec.image, firmware: 'uefi' } };
}

describe('a machine with UEFI', () => {
  it('boots to its agent with a disk for cloud-init, and keeps its firmware’s settings when it is off', async () => {
    const spec = await uefiSpec({ cloudInit: { userData: '#cloud-config\n' } });
    expect(await hypervisor.create(spec)).toMatchObject({ phase: 'on', path: 'cold' });
    await hypervisor.personalise(spec.id, aPersonalisation(), 3 * TINY_MS);
    const seed = join(bench.folder(spec.id), 'seed/seed.iso');
    expect(readFileSync(seed)).toEqual(seedDisk(spec.id, { userData: '#cloud-config\n' }));
    expect(wordsOf(spec.id).join(' ')).toContain(seed);
    const { size, uid } = statSync(settingsOf(spec.id));
    expect(size).toBe(statSync(DEBIAN.x86_64.firmware.settings).size);
    if (privileged()) expect({ uid, seedBy: statSync(seed).uid }).toEqual({ uid: 64106, seedBy: 0 });
    await hypervisor.stop(spec.id, 'cut');
    const kept = readFileSync(settingsOf(spec.id));
    // The firmware wrote down what it found while it booted.
    expect(kept.equals(readFileSync(DEBIAN.x86_64.firmware.settings))).toBe(false);
    await hypervisor.start(spec.id, 'another8');
    expect(await hypervisor.find(spec.id)).toMatchObject({ phase: 'on' });
    await hypervisor.destroy(spec.id);
    expect(existsSync(bench.folder(spec.id))).toBe(false);
  });

  it('is refused where there is no firmware, and nothing is left behind', async () => {
    const none = { code: '/nonexistent/code.fd', settings: '/nonexistent/vars.fd' };
    bench.config.platforms = { x86_64: { ...DEBIAN.x86_64, firmware: none } };
    const spec = await uefiSpec();
    const refused = hypervisor.create(spec);
    await expect(refused).rejects.toMatchObject({ name: 'MachineRefused', reason: 'firmware-missing', detail: expect.stringContaining('ovmf') });
    bench.config.platforms = {};
    expect(existsSync(bench.folder(spec.id))).toBe(false);
  });
});

describe('a machine with an ISO', () => {
  it('has it beside a blank disk as big as its plan says, which is kept when it is off', async () => {
    const folder = join(bench.root, 'images/iso');
    mkdirSync(folder, { recursive: true });
    const disk = join(folder, 'install.iso');
    writeFileSync(disk, seedDisk('00000000-0000-4000-8000-000000000000', { userData: '' }));
    const spec = await bench.spec();
    spec.image = { id: 'iso', disk, boot: { kind: 'iso' }, agent: false, sha256: null, keymap: null };
    expect(await hypervisor.create(spec)).toMatchObject({ phase: 'on', path: 'cold' });
    const overlay = join(bench.folder(spec.id), 'vm/overlay.qcow2');
    const told = JSON.parse(execFileSync('qemu-img', ['info', '-U', '--output=json', '-f', 'qcow2', overlay], { encoding: 'utf8' })) as object;
    expect(told).toMatchObject({ 'virtual-size': 64 * 1024 * 1024 });
    expect(told).not.toHaveProperty('backing-filename');
    await hypervisor.stop(spec.id, 'cut');
    expect(await until(() => hypervisor.find(spec.id), (machine) => machine?.phase === 'off', TINY_MS)).toMatchObject({ phase: 'off' });
    await hypervisor.start(spec.id, 'another8');
    expect(await hypervisor.find(spec.id)).toMatchObject({ phase: 'on' });
  });

  it('is refused when it lies elsewhere', async () => {
    const outside = join(bench.root, 'outside.iso');
    writeFileSync(outside, 'x');
    const spec = await bench.spec();
    spec.image = { ...spec.image, disk: outside, boot: { kind: 'iso' } };
    await expect(hypervisor.create(spec)).rejects.toMatchObject({ reason: 'image-refused' });
  });
});

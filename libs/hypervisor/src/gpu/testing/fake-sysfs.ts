import { existsSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

export interface FakeFunction {
  address: string;
  /** As sysfs has it: class, subclass, interface, e.g. `0x030000`. */
  pciClass: string;
  group: number | null;
  vendor?: string;
  device?: string;
  driver?: string;
  numaNode?: number;
  mdev?: string[];
  /** Absent: it has a way to be reset. */
  reset?: boolean;
  bootVga?: boolean;
}

/** A tree like /sys with what is asked for, in a folder of its own. What the kernel does when something is written, `settle` does. */
export class FakeSysfs {
  readonly root = mkdtempSync(join(tmpdir(), 'sysfs-'));
  /** The driver that would take each function when nobody overrides it. */
  private readonly own = new Map<string, string | undefined>();

  constructor(functions: FakeFunction[], drivers = ['vfio-pci', 'nvidia', 'snd_hda_intel']) {
    mkdirSync(join(this.root, 'bus/pci/devices'), { recursive: true });
    writeFileSync(join(this.root, 'bus/pci/drivers_probe'), '');
    for (const driver of drivers) mkdirSync(join(this.root, 'bus/pci/drivers', driver), { recursive: true });
    for (const each of functions) this.add(each);
  }

  folder = (address: string) => join(this.root, 'bus/pci/devices', address);

  driverOf(address: string): string | null {
    const link = join(this.folder(address), 'driver');
    return existsSync(link) ? basename(readlinkSync(link)) : null;
  }

  text = (address: string, name: string) => readFileSync(join(this.folder(address), name), 'utf8').trim();

  /** Takes a driver away, or gives another. */
  setDriver(address: string, driver: string | null): void {
    const link = join(this.folder(address), 'driver');
    rmSync(link, { force: true });
    if (driver === null) return;
    const folder = join(this.root, 'bus/pci/drivers', driver);
    mkdirSync(folder, { recursive: true });
    // A link leads to the real place: what is written below it is written there.
    if (!existsSync(join(folder, 'unbind'))) writeFileSync(join(folder, 'unbind'), '');
    symlinkSync(folder, link);
  }

  /** Lets the driver take it that the kernel would choose: the one that is wished for, else its own. */
  probe(address: string): void {
    const wish = this.text(address, 'driver_override');
    this.setDriver(address, wish === '' ? (this.own.get(address) ?? null) : wish);
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  private add({ address, pciClass, group, vendor = '0x10de', device = '0x20b0', driver, numaNode = -1, mdev = [], ...flags }: FakeFunction): void {
    const folder = this.folder(address);
    mkdirSync(folder);
    const files = { class: pciClass, vendor, device, numa_node: String(numaNode), driver_override: '', boot_vga: flags.bootVga ? '1' : '0' };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), `${text}\n`);
    if (flags.reset !== false) writeFileSync(join(folder, 'reset'), '');
    for (const type of mdev) mkdirSync(join(folder, 'mdev_supported_types', type), { recursive: true });
    this.own.set(address, driver);
    this.setDriver(address, driver ?? null);
    if (group === null) return;
    const members = join(this.root, 'kernel/iommu_groups', String(group), 'devices');
    mkdirSync(members, { recursive: true });
    symlinkSync(folder, join(members, address));
    symlinkSync(join(this.root, 'kernel/iommu_groups', String(group)), join(folder, 'iommu_group'));
  }
}

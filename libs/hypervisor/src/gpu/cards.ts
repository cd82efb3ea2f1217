import { closeSync, constants, existsSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { refused, textOf } from '../qemu/launcher/refusals';
import { deviceFolder, discoverGpus, driverOf, groupOf } from './discover';
import { Gpu } from './gpu';

const VFIO = 'vfio-pci';

export interface CardsOptions {
  /** Addresses of cards that machines may have; of no other is anything ever changed. */
  allow: string[];
  /** `/sys`, or a tree like it. */
  sysfs?: string;
  /** Whether some machine's process has this function now. */
  inUse: (address: string) => boolean;
}

/**
 * Takes cards from the host for a machine and gives them back. Keeps nothing in mind: what is so is read from sysfs each time, so that whoever
 * was killed half way is taken over by whoever comes next, and doing a thing twice is doing it once (kernel docs, "VFIO", sysfs-bus-pci).
 */
export class Cards {
  private readonly sysfs: string;

  constructor(private readonly options: CardsOptions) {
    this.sysfs = options.sysfs ?? '/sys';
  }

  list(): Gpu[] {
    return discoverGpus({ sysfs: this.sysfs, allow: this.options.allow });
  }

  /** The card's functions are vfio-pci's, and it is reset. @throws MachineRefused gpu-unusable */
  bind(address: string): void {
    const gpu = this.usable(address);
    this.refuseInUse(gpu);
    if (!existsSync(join(this.sysfs, 'bus/pci/drivers', VFIO))) {
      throw refused('gpu-unusable', `${address}: the kernel module ${VFIO} is not loaded`);
    }
    for (const each of gpu.functions) {
      this.write(join(deviceFolder(this.sysfs, each), 'driver_override'), `${VFIO}\n`);
      const driver = driverOf(this.sysfs, each);
      if (driver === VFIO) continue;
      if (driver !== null) this.write(join(deviceFolder(this.sysfs, each), 'driver/unbind'), each);
      this.write(join(this.sysfs, 'bus/pci/drivers_probe'), each);
    }
    this.refuseUnbound(gpu);
    this.reset(gpu);
  }

  /** The card is reset and the host's own driver has it again. Not allowed, not there or given back already is success. */
  release(address: string): void {
    const gpu = this.list().find((each) => each.address === address);
    if (!gpu?.allowed) return;
    this.refuseInUse(gpu);
    if (gpu.functions.some((each) => driverOf(this.sysfs, each) === VFIO)) this.reset(gpu);
    for (const each of gpu.functions) {
      const override = join(deviceFolder(this.sysfs, each), 'driver_override');
      // An empty line takes the wish back.
      if (existsSync(override) && readFileSync(override, 'utf8').trim() === VFIO) this.write(override, '\n');
      if (driverOf(this.sysfs, each) === VFIO) this.write(join(deviceFolder(this.sysfs, each), 'driver/unbind'), each);
      if (driverOf(this.sysfs, each) === null) this.write(join(this.sysfs, 'bus/pci/drivers_probe'), each);
    }
  }

  /**
   * The functions of cards that are bound, for a machine that is about to start, and the numbers of their IOMMU groups.
   * @throws MachineRefused gpu-unusable
   */
  ready(addresses: string[]): { functions: string[][]; groups: number[] } {
    const gpus = addresses.map((address) => this.usable(address));
    for (const gpu of gpus) {
      this.refuseUnbound(gpu);
      this.refuseInUse(gpu);
    }
    const functions = gpus.map((gpu) => gpu.functions);
    const groups = functions.flat().map((each) => groupOf(this.sysfs, each)).filter((group) => group !== null);
    return { functions, groups: [...new Set(groups)] };
  }

  private usable(address: string): Gpu {
    const gpu = this.list().find((each) => each.address === address);
    if (!gpu) throw refused('gpu-unusable', `${address} is no graphics card of this host`);
    if (gpu.unusable !== null) throw refused('gpu-unusable', `${address}: ${gpu.unusable}`);
    return gpu;
  }

  private refuseUnbound({ address, functions }: Gpu): void {
    const other = functions.find((each) => driverOf(this.sysfs, each) !== VFIO);
    if (other) throw refused('gpu-unusable', `${address}: ${other} is ${driverOf(this.sysfs, other) ?? 'nobody'}'s, not ${VFIO}'s`);
  }

  private refuseInUse({ address, functions }: Gpu): void {
    const used = functions.find((each) => this.options.inUse(each));
    if (used) throw refused('gpu-unusable', `${address}: a machine that runs has ${used}`);
  }

  /** Those functions that can be; the picture's own can, or the card is not usable. */
  private reset({ functions }: Gpu): void {
    for (const each of functions) {
      const file = join(deviceFolder(this.sysfs, each), 'reset');
      if (existsSync(file)) this.write(file, '1');
    }
  }

  protected write(path: string, text: string): void {
    try {
      // Never made when missing: what sysfs does not have can't be done.
      const file = openSync(path, constants.O_WRONLY | constants.O_TRUNC);
      try {
        writeSync(file, text);
      } finally {
        closeSync(file);
      }
    } catch (error) {
      throw refused('gpu-unusable', `${path}: ${textOf(error)}`);
    }
  }
}

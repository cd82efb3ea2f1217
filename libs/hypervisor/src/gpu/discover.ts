import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Gpu } from './gpu';

/** Domain, bus, device and function, as sysfs names its folders. */
export const PCI_ADDRESS = /^[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/;
/** PCI Code and ID Assignment: VGA-compatible controllers and 3D controllers are graphics cards; nothing else is, whatever its driver says. */
const DISPLAY_CLASSES = new Set(['0300', '0302']);
/** Bridges to the host and between buses; they carry what is behind them and have no data of their own. */
const BRIDGE_CLASSES = new Set(['0600', '0604']);

/** One function of a device, as sysfs has it. */
interface PciFunction {
  address: string;
  pciClass: string;
  vendor: string;
  device: string;
}

export interface DiscoveryOptions {
  /** `/sys`, or a tree like it. */
  sysfs: string;
  /** Addresses that the site lets machines have. */
  allow: string[];
}

/** The host's graphics cards, in order of address. A host without PCI has none. */
export function discoverGpus({ sysfs, allow }: DiscoveryOptions): Gpu[] {
  const all = allFunctions(sysfs);
  const cards = new Map<string, Gpu>();
  for (const first of all.filter(({ pciClass }) => DISPLAY_CLASSES.has(pciClass))) {
    const card = cardOf(first.address);
    // A card with two pictures is one card.
    if (!cards.has(card)) cards.set(card, look(sysfs, first, all, allow));
  }
  return [...cards.values()];
}

/** Folder of a device. */
export const deviceFolder = (sysfs: string, address: string) => join(sysfs, 'bus/pci/devices', address);

export const driverOf = (sysfs: string, address: string) => linkName(join(deviceFolder(sysfs, address), 'driver'));

/** The number of a device's IOMMU group; null: it has none. */
export function groupOf(sysfs: string, address: string): number | null {
  const name = linkName(join(deviceFolder(sysfs, address), 'iommu_group'));
  return name !== null && /^\d+$/.test(name) ? Number(name) : null;
}

function look(sysfs: string, first: PciFunction, all: PciFunction[], allow: string[]): Gpu {
  const { address, vendor, device, pciClass } = first;
  const card = cardOf(address);
  const beside = all.filter((each) => each.address !== address && cardOf(each.address) === card).map((each) => each.address);
  const functions = [address, ...beside];
  const groups = [...new Set(functions.map((each) => groupOf(sysfs, each)))];
  const groupMembers = [...new Set(groups.flatMap((group) => (group === null ? [] : membersOf(sysfs, group))))].sort();
  const folder = deviceFolder(sysfs, address);
  const gpu = {
    ...{ address, functions, vendor, device, pciClass, groupMembers },
    driver: driverOf(sysfs, address),
    iommuGroup: groups[0] ?? null,
    numaNode: numaOf(folder),
    mdevTypes: namesIn(join(folder, 'mdev_supported_types')),
    allowed: allow.includes(address),
  };
  return { ...gpu, unusable: whyUnusable(sysfs, gpu, groups, all) };
}

function whyUnusable(sysfs: string, gpu: Omit<Gpu, 'unusable'>, groups: (number | null)[], all: PciFunction[]): string | null {
  if (!gpu.allowed) return 'The site does not let machines have it.';
  if (groups.includes(null)) return "It has no IOMMU group: the host's IOMMU is off, so a machine with it could write to all of the host's memory.";
  const card = cardOf(gpu.address);
  const strangers = gpu.groupMembers.filter((member) => {
    const known = all.find(({ address }) => address === member);
    return cardOf(member) !== card && !BRIDGE_CLASSES.has(known?.pciClass ?? '');
  });
  if (strangers.length > 0) {
    const named = strangers.map((member) => `${member} (class ${all.find(({ address }) => address === member)?.pciClass ?? 'unknown'})`);
    return `Its IOMMU group ${groups.join(' and ')} holds other devices too, which a machine would get with it: ${named.join(', ')}.`;
  }
  const folder = deviceFolder(sysfs, gpu.address);
  if (textOf(join(folder, 'boot_vga')) === '1') return "It shows the host's own console.";
  if (!existsSync(join(folder, 'reset'))) return 'It cannot be reset, so one user would find what another left in it.';
  return null;
}

function allFunctions(sysfs: string): PciFunction[] {
  return namesIn(join(sysfs, 'bus/pci/devices'))
    .filter((address) => PCI_ADDRESS.test(address))
    .map((address) => {
      const read = (name: string) => (textOf(join(deviceFolder(sysfs, address), name)) ?? '').replace(/^0x/, '');
      return { address, pciClass: read('class').slice(0, 4), vendor: read('vendor'), device: read('device') };
    });
}

/** All but the function's number: functions of one card differ in nothing else. */
const cardOf = (address: string) => address.slice(0, address.indexOf('.'));

const membersOf = (sysfs: string, group: number) => namesIn(join(sysfs, 'kernel/iommu_groups', String(group), 'devices'));

/** -1 is how the kernel says that it does not know. */
function numaOf(folder: string): number | null {
  const text = textOf(join(folder, 'numa_node'));
  return text !== null && /^\d+$/.test(text) ? Number(text) : null;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return null;
  }
}

function linkName(path: string): string | null {
  try {
    return basename(readlinkSync(path));
  } catch {
    return null;
  }
}

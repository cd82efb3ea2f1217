import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Architecture, RunAs } from '../../machine';
import { MachineOrder } from '../machine-order';
import { FIRMWARE_SETTINGS } from '../machine-words';
import { dropped, run } from './confined';
import { LauncherConfig } from './launcher-config';
import { refused } from './refusals';

/** What guests of one kind of processor need on this host. */
export interface Platform {
  /** Absolute path of QEMU for it. */
  program: string;
  /** UEFI: the part that is only read, and the settings it begins with. */
  firmware: { code: string; settings: string };
  /** Debian packages that bring both, for whoever reads the refusal. */
  packages: { program: string; firmware: string };
}

/** Of Debian 12. Without Secure Boot: images are the site's own. */
export const DEBIAN: Record<Architecture, Platform> = {
  x86_64: {
    program: '/usr/bin/qemu-system-x86_64',
    firmware: { code: '/usr/share/OVMF/OVMF_CODE_4M.fd', settings: '/usr/share/OVMF/OVMF_VARS_4M.fd' },
    packages: { program: 'qemu-system-x86', firmware: 'ovmf' },
  },
  aarch64: {
    program: '/usr/bin/qemu-system-aarch64',
    firmware: { code: '/usr/share/AAVMF/AAVMF_CODE.fd', settings: '/usr/share/AAVMF/AAVMF_VARS.fd' },
    packages: { program: 'qemu-system-arm', firmware: 'qemu-efi-aarch64' },
  },
};

/** Whether a machine begins with UEFI: when its image says so, and always where there is nothing else. */
export function isUefi({ architecture, firmware, boot }: MachineOrder['image']): boolean {
  return firmware === 'uefi' || (architecture === 'aarch64' && boot.kind !== 'kernel');
}

/**
 * That this host has QEMU for the machine's processor and, where it begins with UEFI, firmware for that; null: it needs none.
 * @throws MachineRefused architecture-missing, firmware-missing
 */
export function firmwareOf(config: Pick<LauncherConfig, 'platforms'>, image: MachineOrder['image']): Platform['firmware'] | null {
  const { architecture } = image;
  const { program, firmware, packages } = { ...DEBIAN, ...config.platforms }[architecture];
  // The one that every host needs is found when it is started, wherever it lies.
  if (architecture !== 'x86_64' && !existsSync(program)) {
    throw refused('architecture-missing', `no ${program} on this host: install the package ${packages.program}`);
  }
  if (!isUefi(image)) return null;
  for (const path of [firmware.code, firmware.settings]) {
    if (!existsSync(path)) throw refused('firmware-missing', `no ${path} on this host: install the package ${packages.firmware}`);
  }
  return firmware;
}

/** The machine's own copy of the firmware's settings, made when missing, whole or not at all. Ids are dropped as for its overlay. */
export async function makeSettings(folder: string, settings: string, runAs: RunAs | null): Promise<void> {
  if (statSync(join(folder, FIRMWARE_SETTINGS), { throwIfNoEntry: false })) return;
  const script = 'cp --sparse=always -- "$1" "$2.new" && mv -T -- "$2.new" "$2"';
  const { code, stderr } = await run(dropped(runAs, ['/bin/sh', '-c', script, 'sh', settings, FIRMWARE_SETTINGS]), 30_000, folder);
  if (code === 0) return;
  throw refused(stderr.includes('No space left') ? 'no-disk' : 'start-failed', `firmware settings: ${stderr.trim()}`);
}

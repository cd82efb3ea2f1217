import { statSync } from 'node:fs';
import { join } from 'node:path';
import { Flavour, HostCapacity } from '../machine';
import { OVERLAY } from './argv';
import { HostFigures } from './launcher/launcher';
import { privateMib, seesAlive } from './launcher/processes';
import { refused } from './launcher/refusals';
import { QemuSettings } from './options';
import { MachineRecord } from './record';

/** What QEMU needs beside the guest's memory at most, MiB; measured in docs/decisions/0008. */
export const OVERHEAD_MIB = 144;
const MIB = 1024 * 1024;

/**
 * What is left when every machine takes all it was promised: a guest that has not touched its memory yet will. Of a copy, what it still shares
 * with its template counts as not taken yet: each page becomes its own when it is written to.
 */
export function capacityLeft(
  figures: HostFigures,
  machines: { record: MachineRecord; files: string }[],
  { reserve, memoryCommitment }: Pick<QemuSettings, 'reserve' | 'memoryCommitment'>,
): HostCapacity {
  let memory = figures.memoryAvailableMib - reserve.memoryMib;
  let disk = figures.diskAvailableMib - reserve.diskMib;
  for (const { record, files } of machines) {
    const { order, process } = record;
    if (process && seesAlive(order.id, process)) {
      memory -= Math.max(0, (order.flavour.memoryMib + OVERHEAD_MIB) * memoryCommitment - privateMib(process.pid, order.shares.some(({ kind }) => kind === 'virtiofs')));
    }
    disk -= Math.max(0, order.flavour.diskMib - allocatedMib(join(files, OVERLAY)));
  }
  return {
    accelerator: figures.accelerator,
    vcpus: figures.vcpus,
    memoryTotalMib: figures.memoryTotalMib,
    memoryAvailableMib: Math.max(0, Math.floor(memory)),
    diskTotalMib: figures.diskTotalMib,
    diskAvailableMib: Math.max(0, Math.floor(disk)),
  };
}

/** @throws MachineRefused no-memory, no-disk */
export function refuseBeyond(capacity: HostCapacity, flavour: Flavour, memoryCommitment: number): void {
  const memory = Math.ceil((flavour.memoryMib + OVERHEAD_MIB) * memoryCommitment);
  if (memory > capacity.memoryAvailableMib) {
    throw refused('no-memory', `${memory} MiB wanted, ${capacity.memoryAvailableMib} MiB left`);
  }
  if (flavour.diskMib > capacity.diskAvailableMib) {
    throw refused('no-disk', `${flavour.diskMib} MiB wanted, ${capacity.diskAvailableMib} MiB left`);
  }
}

function allocatedMib(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat ? (stat.blocks * 512) / MIB : 0;
}

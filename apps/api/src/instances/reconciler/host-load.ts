import { readFile, statfs } from 'node:fs/promises';
import { availableParallelism, loadavg } from 'node:os';

/** How busy the computer of this process is; null: the kernel, or the file system, doesn't tell. */
export interface HostLoad {
  /** Load average of the last minute for each processor, in thousandths. */
  cpuLoadPermille: number | null;
  /** `some avg60` of /proc/pressure/cpu (kernel's Documentation/accounting/psi.rst), in thousandths. */
  cpuPressurePermille: number | null;
  /** Of the file system of `folder`, MiB. */
  diskTotalMib: number | null;
}

const MIB = 1024 * 1024;
/** More than any host has, and within an integer of the database. */
const MOST = 1_000_000;

/** @param folder on the disk of the machines; `pressure`: where the kernel tells its pressure */
export async function readHostLoad(folder: string, pressure = '/proc/pressure/cpu'): Promise<HostLoad> {
  const [told, disk] = await Promise.all([
    readFile(pressure, 'utf8').catch(() => ''),
    statfs(folder).catch(() => null),
  ]);
  return {
    cpuLoadPermille: loadPermille(loadavg()[0] ?? 0, availableParallelism()),
    cpuPressurePermille: pressurePermille(told),
    diskTotalMib: disk && Math.floor((disk.blocks * disk.bsize) / MIB),
  };
}

export function loadPermille(load: number, processors: number): number {
  return Math.min(MOST, Math.round((load / Math.max(1, processors)) * 1000));
}

/** Null: nothing of the kind in it. */
export function pressurePermille(told: string): number | null {
  const some = /^some .*\bavg60=(\d+(?:\.\d+)?)/m.exec(told)?.[1];
  return some === undefined ? null : Math.min(1000, Math.round(Number(some) * 10));
}

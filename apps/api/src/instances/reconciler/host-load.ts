import { readFile } from 'node:fs/promises';
import { availableParallelism, loadavg } from 'node:os';

/** How busy the computer of this process is; null: the kernel doesn't tell. */
export interface HostLoad {
  /** Load average of the last minute for each processor, in thousandths. */
  cpuLoadPermille: number | null;
  /** `some avg60` of /proc/pressure/cpu (kernel's Documentation/accounting/psi.rst), in thousandths. */
  cpuPressurePermille: number | null;
}

/** More than any host has, and within an integer of the database. */
const MOST = 1_000_000;

/** @param pressure where the kernel tells its pressure */
export async function readHostLoad(pressure = '/proc/pressure/cpu'): Promise<HostLoad> {
  const told = await readFile(pressure, 'utf8').catch(() => '');
  return {
    cpuLoadPermille: loadPermille(loadavg()[0] ?? 0, availableParallelism()),
    cpuPressurePermille: pressurePermille(told),
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

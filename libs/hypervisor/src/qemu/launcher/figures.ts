import { readFileSync, statfsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

const MIB = 1024 * 1024;

/** The computer's memory in MiB, or less where a control group allows less. */
export function memoryFigures(
  meminfo = readText('/proc/meminfo'),
  groups = readText('/proc/self/cgroup'),
  cgroupRoot = '/sys/fs/cgroup',
): { totalMib: number; availableMib: number } {
  let total = kib(meminfo, 'MemTotal') * 1024;
  let available = kib(meminfo, 'MemAvailable') * 1024;
  for (const { max, current } of groupLimits(groups, cgroupRoot)) {
    total = Math.min(total, max);
    available = Math.min(available, Math.max(0, max - current));
  }
  return { totalMib: Math.floor(total / MIB), availableMib: Math.floor(available / MIB) };
}

export const vcpus = () => availableParallelism();

/** Size of the file system of a folder, and what is free for others than root, MiB. */
export function diskFigures(folder: string): { totalMib: number; availableMib: number } {
  const { blocks, bavail, bsize } = statfsSync(folder);
  return { totalMib: Math.floor((blocks * bsize) / MIB), availableMib: Math.floor((bavail * bsize) / MIB) };
}

/** Control groups version 2: the limit of each group from ours to the root counts (kernel docs, cgroup-v2). */
function groupLimits(groups: string, root: string): { max: number; current: number }[] {
  const own = /^0::(\/.*)$/m.exec(groups)?.[1] ?? '/';
  const limits = [];
  for (let parts = own.split('/').filter(Boolean); ; parts = parts.slice(0, -1)) {
    const folder = join(root, ...parts);
    const max = Number(readText(join(folder, 'memory.max')));
    const current = Number(readText(join(folder, 'memory.current')));
    if (Number.isFinite(max) && max > 0) limits.push({ max, current: Number.isFinite(current) ? current : 0 });
    if (parts.length === 0) return limits;
  }
}

function kib(meminfo: string, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(meminfo)?.[1] ?? 0);
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}

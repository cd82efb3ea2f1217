import { chmodSync, chownSync, lstatSync, mkdirSync, statfsSync } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { RunAs } from '../../machine';
import { ShareSecurity } from '../argv';
import { privileged } from './confined';
import { LauncherConfig } from './launcher-config';
import { codeOf, refused } from './refusals';

/** The folders that writable shares lie in: scratch, and the people's homes where the site keeps any. */
export const writableRoots = ({ scratchDir, homeDir }: LauncherConfig): string[] => [scratchDir, ...(homeDir ? [homeDir] : [])];

export interface WritablePlace {
  root: string;
  /** One to three plain names below the root. */
  parts: string[];
}

/** Where a writable share lies. @throws MachineRefused when it is not one to three plain names below a root */
export function writablePlace(roots: string[], path: string): WritablePlace {
  for (const root of roots) {
    const parts = relative(root, path).split('/');
    const plain = parts.every((part) => /^[A-Za-z0-9_~-][A-Za-z0-9._~-]{0,127}$/.test(part));
    if (plain && parts.length <= 3 && join(root, ...parts) === path) return { root, parts };
  }
  throw refused('share-outside-root', `${path} is no folder one to three plain names below ${roots.join(' or ')}`);
}

/** The root of writable shares, made when missing; people pass through it and see nothing of it. One that is there stays as it is. */
export function makeWritableRoot(root: string): void {
  if (mkdirSync(root, { recursive: true }) !== undefined && privileged()) chmodSync(root, 0o711);
}

/**
 * Makes the folder of a writable share when missing; only its last part belongs to the machine's user, so that nobody can swap what is above.
 * One that was made and not yet given away, because somebody was killed in between, is given away now.
 */
export function makeWritable(roots: string[], path: string, runAs: RunAs | null): void {
  const { root, parts } = writablePlace(roots, path);
  let folder = root;
  for (const [at, part] of parts.entries()) {
    folder = join(folder, part);
    const last = at === parts.length - 1;
    if (!makeFolder(folder) && !(last && isNobodysYet(folder))) continue;
    chmodSync(folder, last ? 0o700 : 0o711);
    if (last && privileged() && runAs) chownSync(folder, runAs.uid, runAs.gid);
  }
}

/** Root's own, although it is to be a user's. */
const isNobodysYet = (folder: string) => privileged() && lstatSync(folder).uid === 0;

/** True: made; false: it was there. A link is neither. */
function makeFolder(path: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST' && lstatSync(path).isDirectory()) return false;
    throw refused(codeOf(error) === 'ENOSPC' ? 'no-disk' : 'share-missing', `${path}: ${codeOf(error)}`);
  }
}

/** File systems known to take `user.` attributes, by their magic number (statfs(2)): ext, XFS, Btrfs, ZFS. */
const withAttributes = new Set([0xef53, 0x58465342, 0x9123683e, 0x2fc12fc1]);

/** The same answer for the same folder every time: the two ways do not read each other's marks. */
export function securityOf(path: string): ShareSecurity {
  return withAttributes.has(statfsSync(path).type) ? 'mapped-xattr' : 'mapped-file';
}

/** What an empty file costs at least, so that a million of them count too. */
const LEAST_BYTES = 4096;

/** Bytes allocated below a folder. Follows no link; what vanishes meanwhile is not counted. */
export async function usedBytes(folder: string): Promise<number> {
  let sum = 0;
  const linked = new Set<string>();
  const pending = [folder];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const entry of await readdir(next, { withFileTypes: true }).catch(() => [])) {
      const path = join(next, entry.name);
      const stat = await lstat(path).catch(() => null);
      if (!stat) continue;
      if (stat.nlink > 1 && !stat.isDirectory()) {
        const key = `${stat.dev}:${stat.ino}`;
        if (linked.has(key)) continue;
        linked.add(key);
      }
      sum += Math.max(stat.blocks * 512, LEAST_BYTES);
      if (stat.isDirectory()) pending.push(path);
    }
  }
  return sum;
}

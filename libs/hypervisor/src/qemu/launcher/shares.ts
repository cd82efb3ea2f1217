import { accessSync, closeSync, constants, fstatSync, openSync, readlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { RunAs, Share } from '../../machine';
import { dropped, privileged, runWith } from './confined';
import { folderAround, realOf } from './inside';
import { LauncherConfig } from './launcher-config';
import { codeOf, refused, textOf } from './refusals';
import { writableRoots } from './scratch';

/** A folder that is held open: whatever happens to its path, this is what the machine gets. */
export interface OpenShare extends Share {
  descriptor: number;
  /** The descriptor's own path, links resolved, when it was opened. */
  realPath: string;
  /** Whose rights a virtiofs server reads it with: the machine's, with one of its groups. Null: those of this process. */
  ids: RunAs | null;
}

/** Not in Node's constants: a descriptor that only names a folder. */
const O_PATH = 0o10000000;

/**
 * Opens a share once and judges the descriptor, never the path: its real path lies inside an allowed root and is the one asked for, and
 * `runAs` may read it (and write it, where it is writable). The caller closes it.
 * @throws MachineRefused share-missing, share-outside-root, share-unreadable
 */
export async function openShare(config: LauncherConfig, share: Share, runAs: RunAs | null): Promise<OpenShare> {
  const descriptor = openFolder(share.hostPath);
  try {
    const realPath = readlinkSync(`/proc/self/fd/${descriptor}`);
    const roots = share.readOnly ? config.dataRoots : writableRoots(config);
    const around = folderAround(realPath, roots);
    if (around === null) throw refused('share-outside-root', `${share.hostPath} is ${realPath}, outside ${roots.join(':')}`);
    if (!isWhatWasAskedFor(share.hostPath, realPath, roots)) {
      throw refused('share-outside-root', `${share.hostPath} was replaced: it is ${realPath} now`);
    }
    const open = { ...share, descriptor, realPath, ids: runAs };
    await mayUse(open, around, runAs);
    return share.kind === 'virtiofs' && runAs ? { ...open, ids: await withOneGroup(open, runAs) } : open;
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

/**
 * Whoever asks has resolved all links below the root already (or there never were any). One that is there now was put there since, and leads
 * to another folder than the one that was decided on, perhaps another proposal's inside the same root.
 */
function isWhatWasAskedFor(hostPath: string, realPath: string, roots: string[]): boolean {
  if (hostPath === realPath) return true;
  return roots.some((root) => {
    const real = realOf(root);
    return real !== null && hostPath.startsWith(`${root}/`) && join(real, relative(root, hostPath)) === realPath;
  });
}

function openFolder(path: string): number {
  try {
    return openSync(path, O_PATH | constants.O_DIRECTORY);
  } catch (error) {
    const reason = ['EACCES', 'EPERM'].includes(codeOf(error)) ? 'share-unreadable' : 'share-missing';
    throw refused(reason, `${path}: ${textOf(error)}`);
  }
}

/**
 * QEMU's virtiofsd gives up all groups but its main one. So that becomes the first by which the folder itself can be read; what lies in it
 * and can be read by another of the groups only stays closed.
 */
async function withOneGroup(share: OpenShare, { uid, gid, groups }: RunAs): Promise<RunAs> {
  for (const one of [gid, ...groups]) {
    const ids = { uid, gid: one, groups: [] };
    const refusal = await mayUse(share, share.realPath, ids).then(() => null, (error: unknown) => error);
    if (refusal === null) return ids;
  }
  throw refused('share-unreadable', `${share.realPath} can't be read by virtiofs as ${uid} with any one of ${[gid, ...groups].join(', ')}`);
}

/**
 * Asks the kernel, as the very user: every folder between the root and the share counts, those above the root do not, since the user begins
 * at the root's descriptor.
 */
async function mayUse(share: OpenShare, around: string, runAs: RunAs | null): Promise<void> {
  const { descriptor, realPath, readOnly } = share;
  if (!privileged()) {
    try {
      accessSync(`/proc/self/fd/${descriptor}`, constants.R_OK | constants.X_OK | (readOnly ? 0 : constants.W_OK));
      return;
    } catch (error) {
      throw refused('share-unreadable', `${realPath}: ${textOf(error)}`);
    }
  }
  const script = `cd /proc/self/fd/3 && test -r "$1" -a -x "$1" ${readOnly ? '' : '-a -w "$1" '}&& stat -c %d:%i -- "$1"`;
  const root = openFolder(around);
  try {
    const command = dropped(runAs, ['/bin/sh', '-c', script, 'sh', `./${relative(around, realPath)}`]);
    const { stdout, stderr } = await runWith(command, 20_000, [root]);
    const { dev, ino } = fstatSync(descriptor);
    if (stdout.trim() !== `${dev}:${ino}`) {
      throw refused('share-unreadable', `${realPath} as ${runAs?.uid}:${runAs?.gid}: ${stderr.trim() || 'not readable'}`);
    }
  } finally {
    closeSync(root);
  }
}

import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ImageRefusedError } from '../image-refused';

const FOLDERS = ['/usr/local/bin', '/usr/bin', '/bin', '/usr/sbin', '/sbin'];
/** Nothing of our own settings reaches what we start. */
export const boxEnvironment = { PATH: FOLDERS.join(':'), LC_ALL: 'C' };

/** What must be there to run anything confined, and the package that brings it. */
const needed = { 'qemu-img': 'qemu-utils', ldd: 'libc-bin', prlimit: 'util-linux', setpriv: 'util-linux', unshare: 'util-linux', umount: 'mount' };

/** Absolute path of a program. @throws ImageRefusedError CONFINEMENT_UNAVAILABLE when it is not installed */
export function program(name: keyof typeof needed): string {
  const found = FOLDERS.map((folder) => join(folder, name)).find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  if (!found) throw new ImageRefusedError('CONFINEMENT_UNAVAILABLE', `${name} is not installed: apt-get install ${needed[name]}`);
  return found;
}

/**
 * Everything the box shows: these programs and what the dynamic loader needs for them, all of it our own system's. QEMU's loadable
 * drivers (curl, ssh, rbd, …) are not among it.
 */
export async function shownFiles(programs: string[]): Promise<string[]> {
  const { stdout } = await promisify(execFile)(program('ldd'), programs, { env: boxEnvironment }).catch((error: unknown) => {
    throw new ImageRefusedError('CONFINEMENT_UNAVAILABLE', `ldd: ${String(error)}`);
  });
  const libraries = [...stdout.matchAll(/(?:=>\s+|^\s+)(\/\S+)\s+\(0x/gm)].map(([, path]) => path);
  return [...new Set([...programs, ...libraries])];
}

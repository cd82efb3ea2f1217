import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { StartFault } from '../start/fault.ts';
import { run } from '../start/run.ts';
import lock from './debian-11.lock.json' with { type: 'json' };

/** One package of the lock file. */
interface LockedPackage {
  /** `debian` or `debian-security`. */
  archive: string;
  path: string;
  bytes: number;
  sha256: string;
}

/** Debian 11 is past its support and will leave the mirrors for the archive. Content is checked, so http will do. */
const MIRRORS = ['http://deb.debian.org', 'https://deb.debian.org', 'http://archive.debian.org'];

export interface UnpackOptions {
  /** Folder of what can be made again. */
  cache: string;
  mirrors?: readonly string[];
  news?: (line: string) => void;
}

/**
 * guacd 1.3.0 of Debian 11 in a private folder, without touching the machine's apt sources: found in the cache by what the
 * lock file says, else downloaded (2 MB), checked by SHA-256 and unpacked.
 * FreeRDP looks for guacd's channel plugins (sound of RDP desktops) in a folder of the system only: `guacdCommand` lays this
 * one's libraries over it, for guacd alone. Where that cannot be (not root, no overlayfs), everything but sound works.
 * @returns the folder that stands for `/`
 */
export async function unpackGuacd({ cache, mirrors = MIRRORS, news = () => undefined }: UnpackOptions): Promise<string> {
  const packages = lockedPackages();
  const name = createHash('sha256').update(packages.map(({ sha256 }) => sha256).join()).digest('hex').slice(0, 16);
  const folder = join(cache, 'guacd', name);
  if (existsSync(folder)) return folder;
  const fresh = `${folder}.${process.pid}.tmp`;
  try {
    mkdirSync(join(fresh, 'packages'), { recursive: true, mode: 0o755 });
    for (const entry of packages) {
      const file = join(fresh, 'packages', basename(entry.path));
      news(basename(entry.path));
      await download(entry, file, mirrors);
      await run(['dpkg', '-x', file, join(fresh, 'root')]);
    }
    takeIntoUse(join(fresh, 'root'), folder);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return folder;
}

/** Environment and program of an unpacked guacd. */
export function unpackedProgram(root: string): { program: string; libraries: string } {
  const triplets = readdirSync(join(root, 'usr/lib')).filter((name) => name.endsWith('-linux-gnu'));
  const [triplet] = triplets;
  if (triplet === undefined) throw new StartFault(`${root} holds no guacd: remove that folder and start again`);
  return { program: join(root, 'usr/sbin/guacd'), libraries: join(root, 'usr/lib', triplet) };
}

function lockedPackages(): LockedPackage[] {
  if (process.platform === 'linux' && process.arch === 'x64') return lock.amd64;
  if (process.platform === 'linux' && process.arch === 'arm64') return lock.arm64;
  throw new StartFault(`no guacd for ${process.platform}/${process.arch} here: give the address of one with BEAMDESK_GUACD`);
}

async function download(entry: LockedPackage, file: string, mirrors: readonly string[]): Promise<void> {
  const failures: string[] = [];
  for (const mirror of mirrors) {
    const url = `${mirror}/${entry.archive}/${entry.path.replaceAll('+', '%2b')}`;
    try {
      // apt's own downloader uses the proxy that the machine's apt uses.
      await run(['/usr/lib/apt/apt-helper', '-o', 'Acquire::http::Timeout=20', 'download-file', url, file, `SHA256:${entry.sha256}`]);
      if (createHash('sha256').update(readFileSync(file)).digest('hex') !== entry.sha256) throw new Error('wrong content');
      return;
    } catch (error) {
      failures.push(mirror);
      rmSync(file, { force: true });
      if (/ENOSPC|No space left/.test(String(error))) throw new StartFault('the disk is full: guacd could not be unpacked');
    }
  }
  throw new StartFault(
    `cannot get ${basename(entry.path)} with the expected content from ${failures.join(', ')}: check the network, ` +
      'or give a guacd of yours with BEAMDESK_GUACD',
  );
}

function takeIntoUse(root: string, folder: string): void {
  try {
    renameSync(root, folder);
  } catch (error) {
    // Another start was faster: its folder holds the same.
    if (!existsSync(folder)) throw error;
  }
}

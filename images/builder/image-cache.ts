import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { run } from './run.ts';

/** `${XDG_CACHE_HOME:-~/.cache}/beamdesk` */
export function cacheRoot(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'beamdesk');
}

/** A lock the kernel drops when its last holder dies, so that nothing stale remains. Null = somebody else has it. */
function tryLock(file: string): number | null {
  const descriptor = openSync(file, 'a', 0o644);
  const taken = spawnSync('flock', ['-n', '3'], { stdio: ['ignore', 'ignore', 'ignore', descriptor] });
  if (taken.status === 0) return descriptor;
  closeSync(descriptor);
  return null;
}

/** Places below a folder where something is mounted, innermost first; mountinfo(5) writes blanks and backslashes in octal. */
export function mountsBelow(folder: string, mountinfo: string): string[] {
  return mountinfo
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .map((place) => place.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8))))
    .filter((place) => place.startsWith(`${folder}/`))
    .reverse();
}

/** What a build that was killed may have mounted: to remove it would be to remove files of the host. */
async function letGoOfMounts(folder: string): Promise<void> {
  const places = mountsBelow(folder, readFileSync('/proc/self/mountinfo', 'utf8'));
  if (places.length > 0) await run(['umount', '--lazy', '--', ...places], { folder: dirname(folder) });
}

/** Folders of foreign user ids (an unprivileged build) can only be removed from inside a user namespace. */
async function removeTree(folder: string): Promise<void> {
  await letGoOfMounts(folder);
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    await run(['unshare', '--user', '--map-root-user', '--map-auto', 'rm', '-rf', '--', folder], { folder });
  }
}

/**
 * Finished images by content hash: `<cache>/images/<hash>/`. A folder of that name is complete, always: builds happen
 * in `<hash>.tmp` beside it and are renamed.
 */
export class ImageCache {
  private readonly images: string;
  private readonly locks: string;

  constructor(root = cacheRoot()) {
    this.images = join(root, 'images');
    this.locks = join(this.images, 'locks');
  }

  path(hash: string): string {
    return join(this.images, hash);
  }

  has(hash: string): boolean {
    return existsSync(join(this.path(hash), 'image.json'));
  }

  /**
   * The folder of an image: found, or made by `build` in an empty folder. One build at a time per hash; others wait and
   * then find it. What a killed build left behind, of any hash, is removed first.
   */
  async provide(
    hash: string,
    build: (folder: string, lock: number) => Promise<void>,
    say: (line: string) => void,
  ): Promise<string> {
    if (this.has(hash)) return this.path(hash);
    mkdirSync(this.locks, { recursive: true, mode: 0o755 });
    const lock = await this.lock(hash, say);
    try {
      if (this.has(hash)) return this.path(hash);
      const folder = `${this.path(hash)}.tmp`;
      await removeTree(folder);
      await this.removeLeftovers(say);
      mkdirSync(folder, { mode: 0o755 });
      try {
        await build(folder, lock);
        await removeTree(this.path(hash));
        await rename(folder, this.path(hash));
      } catch (error) {
        await removeTree(folder);
        throw error;
      }
      return this.path(hash);
    } finally {
      closeSync(lock);
    }
  }

  private async lock(hash: string, say: (line: string) => void): Promise<number> {
    const file = join(this.locks, hash);
    let told = false;
    for (;;) {
      const descriptor = tryLock(file);
      if (descriptor !== null) return descriptor;
      if (!told) say('another build of this image runs: waiting for it');
      told = true;
      await delay(1000);
    }
  }

  private async removeLeftovers(say: (line: string) => void): Promise<void> {
    for (const entry of readdirSync(this.images)) {
      if (!entry.endsWith('.tmp')) continue;
      const lock = tryLock(join(this.locks, entry.slice(0, -'.tmp'.length)));
      if (lock === null) continue;
      say(`removing what a killed build left: ${entry}`);
      await removeTree(join(this.images, entry));
      closeSync(lock);
    }
  }
}

import { chmod, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataSource, EntityManager } from 'typeorm';
import { storeFolder } from '../image-folders';

/** Any constant will do; it only has to be the same in every process of an installation. */
const STORE_LOCK = 7_207_017;

/** Other names in the folder are not contents. */
const CONTENT = /^[0-9a-f]{64}$/;

const NEEDED = `
  SELECT sha256 FROM image_version WHERE sha256 IS NOT NULL
  UNION SELECT image_sha256 FROM instance WHERE state <> 'DELETED' AND image_sha256 IS NOT NULL`;

/**
 * Contents of images by their SHA-256, each a folder with one file that is never changed. What comes and what goes is decided under one
 * lock, in the transaction that names it: no content goes that a version or a desktop's disk lies on.
 */
export class ImageStore {
  constructor(
    private readonly dataSource: DataSource,
    private readonly dataDir: string,
  ) {}

  /**
   * Puts a finished content into the store, in the transaction of the version that names it. One that is there already stays.
   * @param folder holds the file alone; gone afterwards
   */
  async put(manager: EntityManager, folder: string, file: string, sha256: string): Promise<void> {
    await manager.query('SELECT pg_advisory_xact_lock($1)', [STORE_LOCK]);
    await mkdir(storeFolder(this.dataDir), { recursive: true });
    const target = join(storeFolder(this.dataDir), sha256);
    // Whoever runs the machines reads it with other rights than ours.
    await chmod(join(folder, file), 0o444);
    await chmod(folder, 0o755);
    if (await isThere(join(target, file))) await rm(folder, { recursive: true, force: true });
    else await rename(folder, target);
  }

  /** Removes contents that nothing names any more; how many. */
  async sweep(): Promise<number> {
    return this.dataSource.transaction(async (manager) => {
      await manager.query('SELECT pg_advisory_xact_lock($1)', [STORE_LOCK]);
      const rows = await manager.query<{ sha256: string }[]>(NEEDED);
      const needed = new Set(rows.map(({ sha256 }) => sha256));
      const present = await namesIn(storeFolder(this.dataDir));
      const gone = present.filter((name) => CONTENT.test(name) && !needed.has(name));
      for (const name of gone) await rm(join(storeFolder(this.dataDir), name), { recursive: true, force: true });
      return gone.length;
    });
  }
}

/** Empty where there is no such folder. */
export async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

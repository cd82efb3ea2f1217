import { randomUUID } from 'node:crypto';
import { chmod, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The file of the first administrator's link: one line, readable by its owner alone, there whole or not at all. */
export class CodeFile {
  constructor(readonly path: string) {}

  async write(link: string): Promise<void> {
    const fresh = `${this.path}.${randomUUID()}`;
    try {
      const file = await open(fresh, 'wx', 0o600);
      try {
        // The umask takes bits away only; an access list of the folder might have added some.
        await chmod(fresh, 0o600);
        await file.writeFile(`${link}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(fresh, this.path);
    } catch (error) {
      await rm(fresh, { force: true });
      throw new Error(`${this.path} can't be written in ${dirname(this.path)}: ${String(error)}`, { cause: error });
    }
  }

  /** The code that the file's link ends with; null: there is no file, or it holds none. */
  async code(): Promise<string | null> {
    try {
      return /#([\w-]{32})\s*$/.exec(await readFile(this.path, 'utf8'))?.[1] ?? null;
    } catch {
      return null;
    }
  }

  async remove(): Promise<void> {
    await rm(this.path, { force: true });
  }
}

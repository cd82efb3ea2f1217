import { createHash } from 'node:crypto';
import { FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { asRefusal } from '../bytes/copy-file';

/** A file that grows beside its place until all of it is there. */
export class PartFile {
  private hash = createHash('sha256');
  private written = 0;

  private constructor(
    private readonly target: string,
    private readonly handle: FileHandle,
  ) {}

  static async begin(target: string): Promise<PartFile> {
    return new PartFile(target, await open(`${target}.part`, 'w', 0o644));
  }

  get bytes(): number {
    return this.written;
  }

  /** @throws ImageRefusedError NO_ROOM */
  async add(piece: Buffer): Promise<void> {
    for (let at = 0; at < piece.length; ) {
      const { bytesWritten } = await this.handle.write(piece, at, piece.length - at, this.written + at).catch(asRefusal);
      at += bytesWritten;
    }
    this.hash.update(piece);
    this.written += piece.length;
  }

  /** Once more from the start. */
  async clear(): Promise<void> {
    await this.handle.truncate(0);
    this.hash = createHash('sha256');
    this.written = 0;
  }

  /** SHA-256 of what is there, hexadecimal. */
  get sha256(): string {
    return this.hash.copy().digest('hex');
  }

  /** On the disk first, then in its place. */
  async finish(): Promise<void> {
    await this.handle.sync();
    await rename(`${this.target}.part`, this.target);
    const folder = await open(dirname(this.target), 'r');
    await folder.sync().finally(() => folder.close());
  }

  /** Ends it; what was not finished is gone. */
  async end(): Promise<void> {
    await this.handle.close();
    await rm(`${this.target}.part`, { force: true });
  }
}

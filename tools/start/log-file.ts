import { createWriteStream, mkdirSync, renameSync, statSync } from 'node:fs';
import type { WriteStream } from 'node:fs';
import { dirname } from 'node:path';

const LIMIT_BYTES = 10 * 1024 ** 2;

/** A log of one service that keeps at most twice 10 MiB: the current file and the one before it (`.1`). */
export class LogFile {
  readonly path: string;
  private stream: WriteStream;
  private written: number;

  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
    this.path = path;
    this.written = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    this.stream = this.open();
  }

  write(chunk: Buffer | string): void {
    this.written += chunk.length;
    // A full disk must not take the services down with the log.
    this.stream.write(chunk);
    if (this.written < LIMIT_BYTES) return;
    this.stream.end();
    renameSync(this.path, `${this.path}.1`);
    this.written = 0;
    this.stream = this.open();
  }

  private open(): WriteStream {
    return createWriteStream(this.path, { flags: 'a', mode: 0o600 }).on('error', () => undefined);
  }
}

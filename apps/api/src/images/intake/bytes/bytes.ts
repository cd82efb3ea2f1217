import { ImageRefusedError } from '../image-refused';

/** Where bytes come from: a file. May give fewer than asked for, as read(2) may; 0 only at the end. */
export interface ByteSource {
  /** In bytes, at most Number.MAX_SAFE_INTEGER. */
  readonly size: number;
  read(into: Buffer, position: number): Promise<number>;
}

const LARGEST_READ = 1024 * 1024;

/**
 * Bounded reading of a foreign file: never outside the file, never more at once than asked for, and not more in all than `allowance`,
 * whatever the file says of itself.
 */
export class Bytes {
  private left: number;

  constructor(
    private readonly source: ByteSource,
    allowance = 192 * LARGEST_READ,
    private readonly signal?: AbortSignal,
  ) {
    this.left = allowance;
  }

  get size(): number {
    return this.source.size;
  }

  /** Bytes that may still be read. */
  get allowance(): number {
    return this.left;
  }

  /**
   * Exactly `length` bytes from `position`.
   * @throws ImageRefusedError `code` where the file has none
   */
  async take(position: number, length: number, what: string, code: 'TRUNCATED' | 'OUTSIDE_FILE' = 'TRUNCATED'): Promise<Buffer> {
    const asked = `${what}: ${length} bytes at ${position} of ${this.size}`;
    if (!(position >= 0 && length >= 0 && position + length <= this.size)) throw new ImageRefusedError(code, asked);
    if (length > LARGEST_READ || length > this.left) throw new ImageRefusedError('TOO_COSTLY', asked);
    this.left -= length;
    const bytes = Buffer.alloc(length);
    for (let got = 0; got < length; ) {
      this.signal?.throwIfAborted();
      const more = await this.source.read(bytes.subarray(got), position + got);
      if (more === 0) throw new ImageRefusedError('CHANGED', `${asked}: it ended after ${got}`);
      got += more;
    }
    return bytes;
  }

  /** Up to `length` bytes from `position`: fewer where the file ends, none outside. */
  async peek(position: number, length: number): Promise<Buffer> {
    const there = Math.min(length, this.size - position);
    return position < 0 || there <= 0 ? Buffer.alloc(0) : this.take(position, there, 'mark');
  }

  /**
   * A table, piece by piece; whole entries in each.
   * @returns false when the allowance ended before the table did: then QEMU's check, confined, is the first to see the rest
   */
  async table(
    { position, entries, entryBytes, what }: { position: number; entries: number; entryBytes: number; what: string },
    visit: (piece: Buffer, firstEntry: number) => void | Promise<void>,
  ): Promise<boolean> {
    const atOnce = Math.floor((64 * 1024) / entryBytes);
    for (let first = 0; first < entries; first += atOnce) {
      const count = Math.min(atOnce, entries - first);
      if (count * entryBytes > this.left) return false;
      await visit(await this.take(position + first * entryBytes, count * entryBytes, what, 'OUTSIDE_FILE'), first);
    }
    return true;
  }
}

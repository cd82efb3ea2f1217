/** Thrown where the console breaks RFB or is gone; the message is a stable word without anything secret. */
export class RfbError extends Error {}

/** Takes exact numbers of bytes from a stream of pieces of any size. Reads no further than it is asked to. */
export class ByteReader {
  private readonly pieces: AsyncIterator<Buffer>;
  private rest: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.pieces = source[Symbol.asyncIterator]();
  }

  /** The next `count` bytes. Throws RfbError when the stream ends before. The caller bounds `count`. */
  async take(count: number): Promise<Buffer> {
    const taken: Buffer[] = [];
    for (let missing = count; missing > 0;) {
      const piece = await this.some(missing);
      taken.push(piece);
      missing -= piece.length;
    }
    return Buffer.concat(taken, count);
  }

  /** Passes over `count` bytes without keeping them. */
  async skip(count: number): Promise<void> {
    for (let missing = count; missing > 0;) {
      missing -= (await this.some(missing)).length;
    }
  }

  private async some(atMost: number): Promise<Buffer> {
    while (this.rest.length === 0) {
      const { done, value } = await this.pieces.next();
      if (done) {
        throw new RfbError('CONSOLE_GONE');
      }
      this.rest = value;
    }
    const piece = this.rest.subarray(0, atMost);
    this.rest = this.rest.subarray(piece.length);
    return piece;
  }
}

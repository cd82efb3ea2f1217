/** QEMU's stream netdev and passt put a length before each Ethernet frame, 32 bits, big-endian (QEMU's net/stream.c). */
const LENGTH_BYTES = 4;
/** The longest that IPv4 over Ethernet has. */
const LONGEST = 65_535 + 14;

/** Cuts a stream into frames with their lengths before them. */
export class FrameSplitter {
  private rest: Buffer = Buffer.alloc(0);

  /** Whole frames, in order. @throws Error a length that no frame has: nothing after it can be understood */
  push(bytes: Buffer): Buffer[] {
    let left = this.rest.length === 0 ? bytes : Buffer.concat([this.rest, bytes]);
    const frames: Buffer[] = [];
    while (left.length >= LENGTH_BYTES) {
      const length = left.readUInt32BE(0);
      if (length === 0 || length > LONGEST) throw new Error(`a frame of ${length} bytes`);
      if (left.length < LENGTH_BYTES + length) break;
      frames.push(left.subarray(0, LENGTH_BYTES + length));
      left = left.subarray(LENGTH_BYTES + length);
    }
    this.rest = left;
    return frames;
  }

  static frameOf(withLength: Buffer): Buffer {
    return withLength.subarray(LENGTH_BYTES);
  }
}

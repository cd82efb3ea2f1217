import { ProtocolViolation } from './protocol';

/** Reads the fields of one packet, in order. Every method throws `ProtocolViolation` where the packet ends too early. */
export class PacketReader {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  u8(): number {
    return this.bytes.readUInt8(this.advance(1));
  }

  u32(): number {
    return this.bytes.readUInt32BE(this.advance(4));
  }

  u64(): bigint {
    return this.bytes.readBigUInt64BE(this.advance(8));
  }

  string(): Buffer {
    const length = this.u32();
    const from = this.advance(length);
    return this.bytes.subarray(from, from + length);
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  /** Nothing may follow. */
  end(): void {
    if (this.left > 0) throw new ProtocolViolation(`${this.left} bytes after the end of an answer`);
  }

  private advance(count: number): number {
    if (count > this.left) throw new ProtocolViolation('an answer is shorter than it says');
    const from = this.at;
    this.at += count;
    return from;
  }
}

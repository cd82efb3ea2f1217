import { LARGEST_PACKET, ProtocolViolation } from './protocol';

const LENGTH_BYTES = 4;

/** Cuts a byte stream into packets, without their length. Never holds more than one packet and what came with it. */
export class PacketSplitter {
  private chunks: Buffer[] = [];
  private held = 0;
  private wanted: number | null = null;

  constructor(private readonly packet: (body: Buffer) => void) {}

  /** @throws ProtocolViolation a length that no packet has */
  push(bytes: Buffer): void {
    this.chunks.push(bytes);
    this.held += bytes.length;
    for (;;) {
      if (this.wanted === null) {
        if (this.held < LENGTH_BYTES) return;
        this.wanted = lengthOf(this.take(LENGTH_BYTES));
      }
      if (this.held < this.wanted) return;
      const body = this.take(this.wanted);
      this.wanted = null;
      this.packet(body);
    }
  }

  private take(count: number): Buffer {
    const whole = this.chunks.length === 1 ? this.chunks[0] : Buffer.concat(this.chunks, this.held);
    const rest = whole.subarray(count);
    this.chunks = rest.length > 0 ? [rest] : [];
    this.held = rest.length;
    return whole.subarray(0, count);
  }
}

function lengthOf(bytes: Buffer): number {
  const length = bytes.readUInt32BE(0);
  if (length < 1 || length > LARGEST_PACKET) throw new ProtocolViolation(`a packet of ${length} bytes`);
  return length;
}

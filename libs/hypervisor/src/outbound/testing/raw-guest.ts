import { Duplex } from 'node:stream';
import { addressOf } from '../ranges';

/** Words of a frame; a TCP SYN to a port where nothing else is said. */
export interface FrameWords {
  to: string;
  port?: number;
  protocol?: number;
  type?: number;
  options?: boolean;
  fragment?: number;
}

const GUEST_MAC = Buffer.from('525400be0003', 'hex');
const FROM = 0x0a00030f;

/** An Ethernet frame as a guest's own program may write it, with right checksums. */
export function frameTo({ to, port = 80, protocol = 6, type = 0x0800, options = false, fragment = 0 }: FrameWords): Buffer {
  const address = addressOf(to) ?? 0;
  const segment = Buffer.alloc(20);
  segment.writeUInt16BE(40_000 + (port % 20_000), 0);
  segment.writeUInt16BE(port, 2);
  if (protocol === 6) {
    segment.writeUInt32BE(1000, 4);
    segment.set([0x50, 2], 12);
    segment.writeUInt16BE(64_000, 14);
    const pseudo = Buffer.alloc(12);
    pseudo.writeUInt32BE(FROM, 0);
    pseudo.writeUInt32BE(address, 4);
    pseudo.set([0, 6, 0, 20], 8);
    segment.writeUInt16BE(checksum(Buffer.concat([pseudo, segment])), 16);
  }
  const header = Buffer.alloc(options ? 24 : 20);
  header[0] = options ? 0x46 : 0x45;
  header.writeUInt16BE(header.length + segment.length, 2);
  header.writeUInt16BE(fragment, 6);
  header.set([64, protocol], 8);
  header.writeUInt32BE(FROM, 12);
  header.writeUInt32BE(address, 16);
  header.writeUInt16BE(checksum(header), 10);
  const ethernet = Buffer.alloc(14, 0xff);
  GUEST_MAC.copy(ethernet, 6);
  ethernet.writeUInt16BE(type, 12);
  return Buffer.concat([ethernet, header, segment]);
}

/** The frame with its length before it. */
export function onStream(frame: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(frame.length);
  return Buffer.concat([length, frame]);
}

/** RFC 1071. */
function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += bytes.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/** Two ends of one pipe in memory. */
export function pair(): [Duplex, Duplex] {
  const ends: Duplex[] = [];
  const end = (other: () => Duplex | undefined) =>
    new Duplex({
      read: () => undefined,
      write: (bytes, _encoding, done) => {
        other()?.push(bytes);
        done();
      },
      final: (done) => {
        other()?.push(null);
        done();
      },
    });
  ends.push(end(() => ends[1]), end(() => ends[0]));
  return [ends[0] as Duplex, ends[1] as Duplex];
}

import { PacketSplitter } from './packet-splitter';
import { LARGEST_PACKET, ProtocolViolation } from './protocol';

const framed = (body: Buffer) => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, body]);
};

describe('PacketSplitter', () => {
  const bodies = [Buffer.from('a'), Buffer.alloc(300, 7), Buffer.alloc(4), Buffer.from('€😀')];
  const wire = Buffer.concat(bodies.map(framed));

  it.each([1, 2, 3, 5, 64, wire.length])('finds the same packets in pieces of %d bytes', (step) => {
    const seen: Buffer[] = [];
    const splitter = new PacketSplitter((body) => seen.push(Buffer.from(body)));
    for (let at = 0; at < wire.length; at += step) splitter.push(wire.subarray(at, at + step));
    expect(seen).toEqual(bodies);
  });

  it('takes the largest packet and refuses the next larger as soon as its length is there', () => {
    let seen = 0;
    const splitter = new PacketSplitter((body) => (seen = body.length));
    splitter.push(framed(Buffer.alloc(LARGEST_PACKET)));
    expect(seen).toBe(LARGEST_PACKET);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(LARGEST_PACKET + 1);
    splitter.push(length.subarray(0, 3));
    expect(() => splitter.push(length.subarray(3))).toThrow(ProtocolViolation);
    expect(() => new PacketSplitter(() => undefined).push(Buffer.alloc(4))).toThrow(ProtocolViolation);
  });
});

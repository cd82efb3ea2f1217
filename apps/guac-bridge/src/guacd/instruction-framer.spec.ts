import { encodeInstruction } from './instruction';
import { InstructionFramer } from './instruction-framer';
import { GUACD_LIMITS, instructionsOf, parseInstruction } from './instruction-parser';

const WIRE = [
  encodeInstruction('name', 'Zoë 😀 Ådahl; 4.name,'),
  encodeInstruction('img', '1', '14', '0', 'image/png', '0', '0'),
  encodeInstruction('blob', '1', 'aGVsbG8='.repeat(700)),
  encodeInstruction('sync', '4711'),
].join('');

function frames(pieces: Iterable<Buffer>, opcodes: string[] = []): Buffer[] {
  const framer = new InstructionFramer((opcode) => opcodes.push(opcode));
  return Array.from(pieces, (piece) => framer.push(piece)).flat();
}

function* piecesOf(bytes: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) {
    yield bytes.subarray(at, at + size);
  }
}

describe('InstructionFramer', () => {
  it.each([1, 2, 3, 7, 1000, 100_000])('sends only whole instructions when fed %d bytes at a time', (size) => {
    const opcodes: string[] = [];
    const out = frames(piecesOf(Buffer.from(WIRE), size), opcodes);
    const parsed = out.flatMap((frame) =>
      Array.from(instructionsOf(frame, GUACD_LIMITS), ({ start, end }) => parseInstruction(frame.subarray(start, end))),
    );
    expect(opcodes).toEqual(['name', 'img', 'blob', 'sync']);
    expect(parsed.map(([opcode]) => opcode)).toEqual(opcodes);
    expect(parsed[0][1]).toBe('Zoë \uFFFD Ådahl; 4.name,');
    expect(Buffer.concat(out).toString()).toBe(WIRE.replace('😀', '\uFFFD'));
  });

  it('puts all that has arrived into one frame', () => {
    expect(frames([Buffer.from(WIRE)])).toHaveLength(1);
  });

  it.each([100_000, 70_001, 4_000])('makes no frame longer than 64 KiB, in pieces of %d bytes', (size) => {
    const wire = Buffer.from(WIRE.repeat(100));
    const out = frames(piecesOf(wire, size));
    expect(Math.max(...out.map(({ length }) => length))).toBeLessThanOrEqual(64 * 1024 + WIRE.length);
    const whole = out.flatMap((frame) => Array.from(instructionsOf(frame, GUACD_LIMITS), ({ opcode }) => opcode));
    expect(whole).toHaveLength(400);
    expect(Buffer.concat(out).toString()).toBe(wire.toString().replaceAll('😀', '\uFFFD'));
  });

  it('makes a longer frame for an instruction that is longer, and only for that', () => {
    const long = encodeInstruction('blob', '1', 'x'.repeat(65_000), 'y'.repeat(500));
    const out = frames([Buffer.from(WIRE + long + WIRE)]);
    expect(out.map(({ length }) => length)).toEqual(
      [WIRE, long, WIRE].map((text) => Buffer.byteLength(text.replace('😀', '\uFFFD'))),
    );
  });

  it('gives lengths that a client counting UTF-16 units reads alike', () => {
    const [frame] = frames([Buffer.from(encodeInstruction('name', '😀x'))]);
    const text = frame.toString();
    expect(text.slice(text.indexOf(',') + 1)).toBe('2.\uFFFDx;');
    expect('\uFFFDx').toHaveLength(2);
  });

  it('gives up on bytes that are no UTF-8, which a browser would refuse', () => {
    expect(() => frames([Buffer.from([0x31, 0x2e, 0xff, 0x3b])])).toThrow('GUACD_INVALID_UTF8');
  });

  it('does not collect an endless character', () => {
    const endless = Buffer.alloc(300_000, 0x80);
    expect(() => frames([Buffer.from('4.name,1.a'), endless])).toThrow('GUACD_INSTRUCTION_TOO_LONG');
  });
});

import fc from 'fast-check';
import { ProtocolViolation } from './guacamole-status';
import { encodeInstruction } from './instruction';
import { CLIENT_LIMITS, instructionsOf, InstructionWalker, parseInstruction } from './instruction-parser';

/** Walks `bytes` in pieces of `size` and returns the offsets at which instructions end. */
function endsOf(bytes: Buffer, size: number): number[] {
  const walker = new InstructionWalker(CLIENT_LIMITS);
  const ends: number[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    const piece = bytes.subarray(at, at + size);
    for (let from = 0; from !== -1 && from < piece.length;) {
      from = walker.next(piece, from, false);
      if (from !== -1) {
        ends.push(at + from);
      }
    }
  }
  return ends;
}

function reasonOf(text: string): string {
  try {
    Array.from(instructionsOf(Buffer.from(text), CLIENT_LIMITS));
  } catch (error) {
    return error instanceof ProtocolViolation ? error.ending.reason : `unexpected ${error}`;
  }
  return 'accepted';
}

const text = fc.string({ unit: 'binary', maxLength: 40 });
const instruction = fc.array(text, { minLength: 1, maxLength: 6 });

describe('InstructionWalker', () => {
  it('finds the same ends whether fed whole, one byte at a time or in any pieces, with any Unicode text', () => {
    fc.assert(
      fc.property(
        fc.array(instruction, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 50 }),
        (all, size) => {
          const encoded = all.map((elements) => Buffer.from(encodeInstruction(...elements)));
          const bytes = Buffer.concat(encoded);
          let end = 0;
          const expected = encoded.map(({ length }) => (end += length));
          expect(endsOf(bytes, bytes.length)).toEqual(expected);
          expect(endsOf(bytes, 1)).toEqual(expected);
          expect(endsOf(bytes, size)).toEqual(expected);
        },
      ),
    );
  });

  it('is not misled by separators inside an element', () => {
    const bytes = Buffer.from(encodeInstruction('name', '4.key,;5.x;'));
    expect(endsOf(bytes, 3)).toEqual([bytes.length]);
  });

  it('counts a surrogate pair as one character, as guacd does', () => {
    const bytes = Buffer.from('4.name,2.😀😀;');
    expect(endsOf(bytes, 1)).toEqual([bytes.length]);
    expect(reasonOf('4.name,4.😀😀;')).toBe('PARTIAL_INSTRUCTION');
  });

  it('jumps over ASCII text without looking, and still ends where it should', () => {
    const walker = new InstructionWalker(CLIENT_LIMITS);
    const bytes = Buffer.from('3.img,5.a;b;c;4.sync,1.0;');
    expect(walker.next(bytes, 0, true)).toBe(14);
    expect(walker.opcode).toBe('img');
    expect(walker.next(bytes, 14, true)).toBe(bytes.length);
    expect(walker.opcode).toBe('sync');
  });

  it('knows the opcode when it came in pieces', () => {
    const walker = new InstructionWalker(CLIENT_LIMITS);
    expect(walker.next(Buffer.from('5.mo'), 0, true)).toBe(-1);
    expect(walker.next(Buffer.from('use,1.1;'), 0, true)).toBe(8);
    expect(walker.opcode).toBe('mouse');
    expect(walker.idle).toBe(true);
  });

  it.each([
    ['no length', '.key;', 'BAD_INSTRUCTION'],
    ['a negative length', '-1.key;', 'BAD_INSTRUCTION'],
    ['a length of six digits', '000003.key;', 'BAD_INSTRUCTION'],
    ['a length in other digits', '٣.key;', 'BAD_INSTRUCTION'],
    ['a hexadecimal length', '0x3.key;', 'BAD_INSTRUCTION'],
    ['a wrong separator', '3.key:1.1;', 'BAD_INSTRUCTION'],
    ['a length that is too short', '2.key;', 'BAD_INSTRUCTION'],
    ['half an instruction', '3.key,5.655', 'PARTIAL_INSTRUCTION'],
    ['a length beyond the limit, before its text has come', '3.key,99999.', 'INSTRUCTION_TOO_LONG'],
    ['many small elements beyond the limit', `${'1.a,'.repeat(128)}1.b;`, 'TOO_MANY_ELEMENTS'],
    ['an opcode beyond reason', `80.${'x'.repeat(80)};`, 'OPCODE_TOO_LONG'],
  ])('refuses %s', (_name, wire, reason) => {
    expect(reasonOf(wire)).toBe(reason);
  });

  it('takes an instruction of exactly 8,192 characters and none of 8,193', () => {
    const overhead = '4.blob,1.0,8000.;'.length;
    const blob = (length: number): string => encodeInstruction('blob', '0', 'x'.repeat(length));
    expect(reasonOf(blob(8192 - overhead))).toBe('accepted');
    expect(reasonOf(blob(8193 - overhead))).toBe('INSTRUCTION_TOO_LONG');
  });

  it('takes 128 elements', () => {
    expect(reasonOf(`${'1.a,'.repeat(127)}1.b;`)).toBe('accepted');
  });
});

describe('parseInstruction', () => {
  it('gives back what was encoded', () => {
    fc.assert(
      fc.property(instruction, (elements) => {
        expect(parseInstruction(Buffer.from(encodeInstruction(...elements)))).toEqual(elements);
      }),
    );
  });
});

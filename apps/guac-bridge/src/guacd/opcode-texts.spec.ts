import fc from 'fast-check';
import { opcodeText } from './opcode-texts';

describe('opcodeText', () => {
  it('reads what stands there, whatever it read before', () => {
    const opcode = fc.uint8Array({ minLength: 1, maxLength: 4 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(fc.array(opcode, { minLength: 1, maxLength: 30 }), (all) => {
        for (const bytes of [...all, ...all]) {
          const piece = Buffer.concat([Buffer.from('7.'), bytes, Buffer.from(',')]);
          expect(opcodeText(piece, 2, 2 + bytes.length)).toBe(bytes.toString('latin1'));
        }
      }),
    );
    expect(['end', 'eod', 'end'].map((text) => opcodeText(Buffer.from(text), 0, 3))).toEqual(['end', 'eod', 'end']);
  });
});

import fc from 'fast-check';
import { normalize } from 'node:path';
import { expandPath, UnsafeValue } from './expand-path';

describe('expandPath', () => {
  it('puts each value in as one step', () => {
    expect(expandPath('/data/{facility}/{proposal}', { facility: 'Lumina', proposal: 'MX/2415' })).toBe(
      '/data/Lumina/MX_2415',
    );
    expect(expandPath('/data/{proposal}-raw', { proposal: 'a/../../etc' })).toBe('/data/a_.._.._etc-raw');
    expect(expandPath('/data/{proposal}', { proposal: '{facility}' })).toBe('/data/{facility}');
  });

  it.each([
    ['', 'nothing'],
    ['.', 'the folder itself'],
    ['..', 'the folder above'],
    ['../../etc/shadow', 'a way up'],
    ['.ssh', 'a hidden folder'],
    [' ..', 'a way up behind a space'],
    ['-rf', 'an option'],
    ['a\0b', 'NUL'],
    ['a\nb', 'a line break'],
    ['a\u202eb', 'a turn of the writing direction'],
    ['\ud800', 'half a character'],
    ['x'.repeat(256), 'a name no file system takes'],
    ['ü'.repeat(128), 'one that is too long in bytes'],
  ])('refuses %j: %s', (value) => {
    expect(() => expandPath('/data/{proposal}', { proposal: value })).toThrow(UnsafeValue);
  });

  it('refuses what is missing', () => {
    expect(() => expandPath('/data/{visit}', { visit: null })).toThrow(UnsafeValue);
    expect(() => expandPath('/data/{visit}', {})).toThrow(UnsafeValue);
  });

  it('never leaves the folder or adds a step, whatever the value', () => {
    const piece = fc.constantFrom('..', '.', '/', '\0', '~', '%2e', '{', '}', 'a', '\\', ' ', '\u2024', '$&', '$1');
    const hostile = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece, { maxLength: 8 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(hostile, (value) => {
        let path: string;
        try {
          path = expandPath('/data/{proposal}', { proposal: value });
        } catch (error) {
          expect(error).toBeInstanceOf(UnsafeValue);
          return;
        }
        expect(normalize(path)).toBe(path);
        expect(path.split('/')).toHaveLength(3);
        expect(path).toMatch(/^\/data\/[^/.\0]/);
      }),
      { numRuns: 2000 },
    );
  });
});

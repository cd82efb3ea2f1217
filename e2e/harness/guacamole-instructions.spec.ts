import { PictureWatch, readInstructions, writeInstruction } from './guacamole-instructions.ts';

describe('Guacamole instructions', () => {
  it('are read one by one from a frame of several', () => {
    expect(readInstructions('4.sync,3.123;0.,4.ping,2.77;3.nop;')).toEqual([
      ['sync', '123'],
      ['', 'ping', '77'],
      ['nop'],
    ]);
    expect(readInstructions('')).toEqual([]);
  });

  it('count code points, and may hold every mark in a value', () => {
    const said = ['name', 'Å 𝛼🔬 é', '1.a,;2.b'] as const;
    expect(writeInstruction(...said)).toBe('4.name,6.Å 𝛼🔬 é,8.1.a,;2.b;');
    expect(readInstructions(writeInstruction(...said) + writeInstruction('end', '🔬'))).toEqual([said, ['end', '🔬']]);
  });

  it.each(['4.sync,3.123', '4.sync', 'sync;', '4.sync:3.123;', '-1.a;', '9.short;'])('refuses %s', (frame) => {
    expect(() => readInstructions(frame)).toThrow(/instruction/);
  });
});

describe('PictureWatch', () => {
  const seen = (...instructions: string[]) => {
    const watch = new PictureWatch();
    return instructions.map((text) => watch.completes(text.split(' ') as [string]));
  };

  it('takes the end of an image stream on layer 0 for the picture', () => {
    expect(
      seen('size 0 1280 800', 'img 1 14 0 image/png 0 0', 'blob 1 iVBO', 'blob 1 Rw0K', 'end 1', 'sync 5'),
    ).toEqual([...[false, false, false, false], ...[true, false]]);
  });

  it('takes neither the pointer nor sounds for it', () => {
    expect(seen('img 1 14 -3 image/png 0 0', 'end 1', 'audio 2 audio/L16', 'end 2', 'sync 1')).not.toContain(true);
  });

  it('tells streams apart that are open together, and forgets what a number meant before', () => {
    expect(seen('img 1 14 0 image/png 0 0', 'img 2 14 -3 image/png 0 0', 'end 2', 'end 1')).toEqual([
      false,
      false,
      false,
      true,
    ]);
    expect(seen('img 1 14 0 image/png 0 0', 'img 1 14 -3 image/png 0 0', 'end 1')).toEqual([false, false, false]);
  });
});

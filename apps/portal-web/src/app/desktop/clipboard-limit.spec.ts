import { fitsClipboard } from './clipboard-limit';

describe('fitsClipboard', () => {
  it.each([
    ['nothing', '', true],
    ['all that guacd holds', 'a'.repeat(262_144), true],
    ['a byte more', 'a'.repeat(262_145), false],
    ['umlauts, which count twice', 'ä'.repeat(131_073), false],
    ['emoji, which count four times', '😀'.repeat(65_536), true],
  ])('%s', (_name, text, fits) => expect(fitsClipboard(text)).toBe(fits));
});

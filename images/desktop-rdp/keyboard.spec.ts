import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { keyboardFiles, xkbSymbols, xrdpKeymap } from './keyboard';

/** Unicode to key and how often: what xrdp reads. */
function lookUp(): Map<number, number[]> {
  const places = new Map<number, number[]>();
  for (const [, place, code] of xrdpKeymap().matchAll(/^Key(\d+)=\d+:(\d+)$/gm)) {
    places.set(Number(code), [...(places.get(Number(code)) ?? []), Number(place)]);
  }
  return places;
}

describe('the keyboard of an RDP desktop', () => {
  it('is what the image holds', () => {
    for (const [path, text] of Object.entries(keyboardFiles())) {
      expect(readFileSync(join(__dirname, 'files', path), 'utf8')).toBe(text);
    }
  });

  it('has each character of Latin-1 and Latin-9 beyond ASCII in one place, and no two in one', () => {
    const places = lookUp();
    const wanted = [
      ...Array.from({ length: 96 }, (_, at) => 0xa0 + at),
      ...[...'€ŠšŽžŒœŸ'].map((c) => c.charCodeAt(0)),
    ];
    for (const code of wanted) expect([code, places.get(code)?.length]).toEqual([code, 1]);
    const all = [...places.values()].flat();
    expect(new Set(all).size).toBe(all.length);
    // Below 8 and above 255 xrdp does not look.
    expect(Math.min(...all)).toBeGreaterThanOrEqual(8);
    expect(Math.max(...all)).toBeLessThanOrEqual(255);
  });

  it('has xrdp press the key on whose third or fourth level the X server has the character', () => {
    const places = lookUp();
    // Scancode 0x12, evdev 18, is a US keyboard's E.
    const [, , , third, fourth] = /<AD03>.*\[ (\w+), (\w+), (\w+), (\w+) \]/.exec(xkbSymbols()) ?? [];
    expect(places.get(parseInt(third?.slice(1) ?? '', 16))).toEqual([8 + 0x12]);
    expect(places.get(parseInt(fourth?.slice(1) ?? '', 16))).toEqual([8 + 0x12 + 128]);
  });

  it('leaves ASCII where a US keyboard has it', () => {
    expect(xkbSymbols()).toMatch(
      /<AD01> \{ type\[Group1\] = "FOUR_LEVEL_SEMIALPHABETIC", symbols\[Group1\] = \[ U0071, U0051,/,
    );
    expect(xkbSymbols()).toMatch(/<AE02> \{ type\[Group1\] = "FOUR_LEVEL", symbols\[Group1\] = \[ U0032, U0040,/);
    expect([...lookUp().keys()].filter((code) => code < 0x80)).toEqual([]);
  });
});

import { join } from 'node:path';
import { qemuKeymap } from './qemu-keymap';
import { KEYS, OTHERS, places } from './table';
import { xkbSymbols } from './xkb';

interface PageKeyboard {
  characterOf(keysym: number): string | null;
  levelOf(character: string): number | null;
}
/** The page's own list, by its path: neither side may import the other. */
const PAGE = join(__dirname, '../../../apps/portal-web/src/app/desktop/remote-display/keyboard-levels.ts');

/** A guest that has the layout: what a scancode types with these modifiers held. */
const typedBy = (symbols: string, scancode: number, level: number): string | undefined => {
  const key = KEYS.find(({ number }) => number === scancode);
  const names = new RegExp(`key <${key?.xkb}> .*symbols\\[Group1\\] = \\[ (.*) \\]`).exec(symbols)?.[1]?.split(', ') ?? [];
  const code = /^U([0-9A-F]{4})$/.exec(names[level - 1] ?? '')?.[1];
  return code && String.fromCodePoint(parseInt(code, 16));
};

describe('the keyboard of all desktops', () => {
  it('has 48 keys and each of its characters once', () => {
    expect(KEYS).toHaveLength(48);
    expect(new Set(KEYS.map(({ xkb }) => xkb)).size).toBe(48);
    expect(new Set(KEYS.map(({ number }) => number)).size).toBe(48);
    const characters = places().map(({ character }) => character);
    expect(new Set(characters).size).toBe(characters.length);
    expect(characters).toHaveLength(94 + OTHERS.length);
    expect(Math.max(...places().map(({ level }) => level))).toBeLessThanOrEqual(8);
  });

  it('types in the guest what QEMU is asked for', () => {
    const symbols = xkbSymbols();
    const lines = new Map(qemuKeymap().split('\n').map((line) => [line.split(' ')[0] ?? '', line.split(' ').slice(1)]));
    const wrong = places().filter(({ character, level }) => {
      const name = `U${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
      const [number, ...words] = lines.get(name) ?? [];
      const held = [words.includes('shift'), words.includes('altgr')];
      const expected = [level % 2 === 0, (level - 1) % 4 > 1];
      return typedBy(symbols, Number(number), level) !== character || String(held) !== String(expected);
    });
    expect(wrong).toEqual([]);
  });

  it('names no keysym of QEMU’s keymap twice, seen by the 16 bits that QEMU sees', () => {
    const names = qemuKeymap().split('\n').filter((line) => line && !line.startsWith('#')).map((line) => line.split(' ')[0]);
    expect(new Set(names).size).toBe(names.length);
    // Characters that would be mistaken for function keys and modifiers.
    expect(OTHERS.filter((character) => character.charCodeAt(0) >= 0xfd00)).toEqual([]);
  });

  it('is what the page presses modifiers for', () => {
    const page = jest.requireActual<PageKeyboard>(PAGE);
    const differing = places().filter(({ character, level }) => page.levelOf(character) !== level);
    expect(differing).toEqual([]);
    const known = new Set(places().map(({ character }) => character));
    const more = Array.from({ length: 0xfffe }, (_, at) => String.fromCharCode(at + 1)).filter(
      (character) => !known.has(character) && page.levelOf(character) !== null,
    );
    expect(more).toEqual([]);
    expect(page.characterOf(0x10020ac)).toBe('€');
  });
});

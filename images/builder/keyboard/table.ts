/**
 * The keyboard of every desktop that is shown through VNC: what is on a US keyboard in its places, and all other
 * characters of Europe's Latin alphabets, with some of science and typography, on further levels of the same keys.
 *
 * It is the one table for the three that must agree: the guest's XKB layout (`xkb.ts`), QEMU's keymap (`qemu-keymap.ts`),
 * and the page, which holds the modifiers a level needs (apps/portal-web, keyboard-levels.ts; a test compares them).
 * Nobody has this keyboard on the desk: the page gets characters from the browser and presses what types them here.
 */

/** A key that types characters. */
export interface CharacterKey {
  /** What XKB calls its place. */
  xkb: string;
  /** Its number as QEMU's keymaps have it: scancode set 1. */
  number: number;
  /** What a US keyboard types there, without and with Shift. */
  us: readonly [string, string];
}

const row = (prefix: string, first: number, number: number, plain: string, shifted: string): CharacterKey[] =>
  [...plain].map((character, at) => ({
    xkb: prefix.length === 4 ? prefix : `${prefix}${String(first + at).padStart(2, '0')}`,
    number: number + at,
    us: [character, shifted.charAt(at)],
  }));

/** In the order in which `OTHERS` fills a level. */
export const KEYS: readonly CharacterKey[] = [
  ...row('TLDE', 0, 0x29, '`', '~'),
  ...row('AE', 1, 0x02, '1234567890-=', '!@#$%^&*()_+'),
  ...row('AD', 1, 0x10, 'qwertyuiop[]', 'QWERTYUIOP{}'),
  ...row('AC', 1, 0x1e, "asdfghjkl;'", 'ASDFGHJKL:"'),
  ...row('BKSL', 0, 0x2b, '\\', '|'),
  // The key between Shift and Z, which a US keyboard does not have.
  ...row('LSGT', 0, 0x56, '<', '>'),
  ...row('AB', 1, 0x2c, 'zxcvbnm,./', 'ZXCVBNM<>?'),
];

const range = (first: number, last: number): string =>
  String.fromCodePoint(...Array.from({ length: last - first + 1 }, (_, at) => first + at));

/** What is not on a US keyboard, level by level, from the third on: Latin-1, Latin Extended-A, and the rest by name. */
export const OTHERS: readonly string[] = [
  ...range(0xa0, 0xff),
  ...range(0x100, 0x17f),
  ...'€–—‘’‚“”„†‡•…‰‹›™−≈≠≤≥∞√∂∑∏∫←↑→↓ȘșȚțẞαβγδεζηθικλμνξοπρςστυφχψω',
];

/** What must be held for a level: bits of the level's number less one. */
export const MODIFIERS = { shift: 1, levelThree: 2, levelFive: 4 } as const;

/** Where a character is. */
export interface Place {
  key: CharacterKey;
  /** 1 to 8. */
  level: number;
  character: string;
}

/** Every character once, the US ones by the key a US keyboard has for them. */
export function places(): Place[] {
  const us = KEYS.filter(({ xkb }) => xkb !== 'LSGT').flatMap((key) =>
    key.us.map((character, at) => ({ key, level: at + 1, character })),
  );
  const others = OTHERS.flatMap((character, at) => {
    const key = KEYS[at % KEYS.length];
    return key ? [{ key, level: 3 + Math.floor(at / KEYS.length), character }] : [];
  });
  return [...us, ...others];
}

/** The name both XKB and QEMU have for any character: its code point. */
export function unicodeName(character: string): string {
  return `U${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

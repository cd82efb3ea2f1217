/**
 * The keyboard that every VNC desktop of ours has (images/builder/keyboard, whose test compares): a US one, with all
 * other characters of Europe's Latin alphabets on six further levels of its 48 keys, in the order of this list.
 */
const KEYS = 48;
const LATIN = { first: 0xa0, last: 0x17f } as const;
const NAMED = '€–—‘’‚“”„†‡•…‰‹›™−≈≠≤≥∞√∂∑∏∫←↑→↓ȘșȚțẞαβγδεζηθικλμνξοπρςστυφχψω';
const US_SHIFTED = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ~!@#$%^&*()_+{}|:"<>?';
/** X11 keysyms of characters beyond Latin-1: this and the code point. */
const UNICODE = 0x1000000;

/** What a level is held by: bits of its number less one. */
export const LEVEL_BITS = { shift: 1, levelThree: 2, levelFive: 4 } as const;

/** The character an X11 keysym stands for; null: a key that types none. */
export function characterOf(keysym: number): string | null {
  if ((keysym >= 0x20 && keysym < 0x7f) || (keysym >= 0xa0 && keysym <= 0xff)) return String.fromCharCode(keysym);
  return keysym > UNICODE + 0xff && keysym <= UNICODE + 0x10ffff ? String.fromCodePoint(keysym - UNICODE) : null;
}

/** The level a character is on, 1 to 8: Shift is for the even ones. Null: this keyboard does not have it. */
export function levelOf(character: string): number | null {
  const code = character.codePointAt(0) ?? 0;
  if (code > 0x20 && code < 0x7f) return US_SHIFTED.includes(character) ? 2 : 1;
  const named = NAMED.indexOf(character);
  const at = code >= LATIN.first && code <= LATIN.last ? code - LATIN.first : named < 0 ? null : LATIN.last - LATIN.first + 1 + named;
  return at === null ? null : 3 + Math.floor(at / KEYS);
}

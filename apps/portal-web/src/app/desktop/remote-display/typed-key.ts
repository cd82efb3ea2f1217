const SHIFTS = [0xffe1, 0xffe2];
/** AltGr: ISO level 3 shift, and mode switch. */
const LEVELS = [0xfe03, 0xff7e];
/** Ctrl, Meta, Alt and Super: with one of them held it is a shortcut, not text. */
const SHORTCUTS = [0xffe3, 0xffe4, 0xffe7, 0xffe8, 0xffe9, 0xffea, 0xffeb, 0xffec];
const SHIFT = 0xffe1;

/** What a US keyboard types only with Shift, and only without; the space is the same either way. */
const SHIFTED = new Set([...'ABCDEFGHIJKLMNOPQRSTUVWXYZ~!@#$%^&*()_+{}|:"<>?'].map(keysymOf));
const UNSHIFTED = new Set([..."abcdefghijklmnopqrstuvwxyz`1234567890-=[]\\;',./"].map(keysymOf));

/** One event of a key: pressed (1) or released (0), and its X11 keysym. */
export type KeyStroke = readonly [pressed: 0 | 1, keysym: number];

/**
 * The events that type a key in a guest whose keyboard is a US one, whatever keyboard or input method it was made with.
 *
 * QEMU looks up a keysym's place on a US keyboard and presses that place, no more: "A" from an input method, where no
 * Shift is held, types "a", and the "/" of a German Shift+7 types "?". So Shift is held, or let go, around the press as
 * that place needs it. AltGr, which a US keyboard has no use for, is let go. Shortcuts and keys that are not on a US
 * keyboard pass as they are.
 */
export function typedKey(keysym: number, held: Iterable<number>): readonly KeyStroke[] {
  const down = new Set(held);
  const press: KeyStroke = [1, keysym];
  const shifted = SHIFTED.has(keysym);
  if ((!shifted && !UNSHIFTED.has(keysym)) || SHORTCUTS.some((modifier) => down.has(modifier))) {
    return [press];
  }
  const shifts = SHIFTS.filter((modifier) => down.has(modifier));
  const levels = LEVELS.filter((modifier) => down.has(modifier));
  const inTheWay = shifted ? levels : [...levels, ...shifts];
  const missing = shifted && shifts.length === 0 ? [SHIFT] : [];
  return [
    ...inTheWay.map((modifier): KeyStroke => [0, modifier]),
    ...missing.map((modifier): KeyStroke => [1, modifier]),
    press,
    ...missing.map((modifier): KeyStroke => [0, modifier]),
    ...inTheWay.map((modifier): KeyStroke => [1, modifier]),
  ];
}

/** ASCII characters are their own keysyms. */
function keysymOf(character: string): number {
  return character.charCodeAt(0);
}

import type { ConsoleProtocol } from '@beamdesk/contracts';
import { characterOf, LEVEL_BITS, levelOf } from './keyboard-levels';

const SHIFT = 0xffe1;
/** AltGr, as X11 calls it, and what holds the fifth level, which no person's keyboard has. */
const LEVEL_THREE = 0xfe03;
const LEVEL_FIVE = 0xfe11;
const ALTS: readonly number[] = [0xffe9, 0xffea];
/** Ctrl, Meta, Alt and Super: with one of them held it is a shortcut, not text. */
const SHORTCUTS = [0xffe3, 0xffe4, 0xffe7, 0xffe8, ...ALTS, 0xffeb, 0xffec];
/** What may be held, what is pressed in its stead where it is missing, and the bit of the levels that need it. */
const HOLDERS = [
  { keys: [SHIFT, 0xffe2], press: SHIFT, bit: LEVEL_BITS.shift },
  { keys: [LEVEL_THREE, 0xff7e], press: LEVEL_THREE, bit: LEVEL_BITS.levelThree },
  { keys: [LEVEL_FIVE], press: LEVEL_FIVE, bit: LEVEL_BITS.levelFive },
] as const;

/** The last character that an RDP desktop has on the levels of this list. */
const END_OF_LATIN_1 = '\u00ff';

/** Where keys come from and where they go. */
export interface Typing {
  readonly protocol: ConsoleProtocol;
  /** Whether Alt is what types further characters, as on a Mac, and no shortcut makes a character with it. */
  readonly altTypes: boolean;
}

/** One event of a key: pressed (1) or released (0), and its X11 keysym. */
export type KeyStroke = readonly [pressed: 0 | 1, keysym: number];

/**
 * The events that press a key so that its character arrives in a desktop, whatever keyboard or input method made it.
 *
 * In a VNC desktop QEMU looks up where a keysym is on the desktop's keyboard and presses that place, no more: "A" from an input method,
 * where no Shift is held, would type "a", and the "/" of a German Shift+7 "?". So what the character's level needs is
 * held around the press, and what it must not have is let go: Shift, AltGr and the fifth level's key.
 *
 * Letters of a shortcut pass as they are, whose Shift is part of it (Ctrl+Shift+C); its other characters get what they need
 * (the German Ctrl+Shift+7 is Ctrl+/). Keys without a character pass as they are. A character the keyboard does not
 * have presses nothing: QEMU reads only 16 bits of it, and some are a Return there.
 *
 * For an RDP desktop guacd presses a US keyboard's characters itself, with their Shift, but leaves AltGr as it is, and sends others by
 * their code point; the desktop has all of Latin-1 on the same levels as a VNC one, and the rest on keys that no modifier changes.
 *
 * @param held the keysyms that are pressed now, this one may be among them
 */
export function typedKey({ protocol, altTypes }: Typing, keysym: number, held: Iterable<number>): readonly KeyStroke[] {
  const press: KeyStroke = [1, keysym];
  const character = characterOf(keysym);
  if (character === null || character === ' ') return [press];
  const level = levelOf(character);
  if (level === null && protocol === 'vnc') return [];
  const down = new Set(held);
  const alts = altTypes ? ALTS.filter((modifier) => down.has(modifier)) : [];
  const shortcut = SHORTCUTS.some((modifier) => down.has(modifier) && !alts.includes(modifier));
  if (/^[a-z]$/i.test(character) && shortcut) return [press];
  const before = alts.map((modifier): KeyStroke => [0, modifier]);
  const after = alts.map((modifier): KeyStroke => [1, modifier]);
  const onLevels = protocol === 'vnc' || character <= END_OF_LATIN_1;
  if (level === null || !onLevels) return [...before, press, ...after];
  for (const { keys, press: missing, bit } of HOLDERS) {
    const pressed = keys.filter((modifier) => down.has(modifier));
    if (((level - 1) & bit) === 0) {
      before.push(...pressed.map((modifier): KeyStroke => [0, modifier]));
      after.unshift(...pressed.map((modifier): KeyStroke => [1, modifier]));
    } else if (pressed.length === 0) {
      before.push([1, missing]);
      after.unshift([0, missing]);
    }
  }
  return [...before, press, ...after];
}

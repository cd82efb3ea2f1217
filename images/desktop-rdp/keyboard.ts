import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KEYS, unicodeName } from '../builder/keyboard/table.ts';

/**
 * The keyboard of a desktop that is shown by RDP. guacd presses the keys of a US keyboard itself, and sends any other
 * character as a Unicode event, a press without release; xrdp looks that up in its keymap and presses a key, without release
 * too. So a character must not need a modifier that xrdp would have to press: it would stay down.
 *
 * - Latin-1 lies on the third and fourth level of the US keys, and whoever sends a character holds AltGr (ISO_Level3_Shift),
 *   or AltGr and Shift, around it: the same keyboard as that of the desktops shown through VNC.
 * - What Latin-9 has besides, and some punctuation, has keys of its own, which no keyboard has and no modifier changes.
 *
 * Two files follow from this table, which are in the image (`node images/desktop-rdp/keyboard.ts` writes them):
 * what a key types, for the X server, and which key a character is on, for xrdp.
 */

/** U+00A0 to U+00FF, first all keys' third level, then their fourth. */
const LATIN1 = Array.from({ length: 96 }, (_, at) => String.fromCodePoint(0xa0 + at));

/** Keys of their own: XKB's names (rules `base`, keycodes `xfree86`) with the scancodes from which xorgxrdp makes them. */
const SPARE: readonly (readonly [string, number, string])[] = [
  ['SYRQ', 84, '€'],
  ['II5D', 85, 'Š'],
  ['BRK', 106, 'š'],
  ['FK13', 110, 'Ž'],
  ['FK14', 111, 'ž'],
  ['FK15', 112, 'Œ'],
  ['FK16', 113, 'œ'],
  ['FK17', 114, 'Ÿ'],
  ['AB11', 115, '–'],
  ['KPEQ', 118, '—'],
  ['XFER', 121, '‘'],
  ['I02', 122, '’'],
  ['NFER', 123, '“'],
  ['I04', 124, '”'],
  ['AE13', 125, '„'],
  ['I06', 126, '…'],
  ['I07', 127, '•'],
];

const code = (character: string): number => character.codePointAt(0) ?? 0;

/** Symbols of XKB, to be included at the end of the layout `us`, the one that xorgxrdp starts with. */
export function xkbSymbols(): string {
  const keys = KEYS.map(({ xkb, us }, at) => {
    const symbols = [...us, LATIN1[at] ?? '', LATIN1[at + KEYS.length] ?? ''].map(unicodeName).join(', ');
    const type = /[a-z]/.test(us[0]) ? 'FOUR_LEVEL_SEMIALPHABETIC' : 'FOUR_LEVEL';
    return `  replace key <${xkb}> { type[Group1] = "${type}", symbols[Group1] = [ ${symbols} ] };`;
  });
  const spare = SPARE.map(
    ([xkb, , character]) =>
      `  replace key <${xkb}> { type[Group1] = "ONE_LEVEL", symbols[Group1] = [ ${unicodeName(character)} ] };`,
  );
  return [
    '// Made by images/desktop-rdp/keyboard.ts, where it is explained.',
    'default partial alphanumeric_keys modifier_keys',
    'xkb_symbols "basic" {',
    ...keys,
    ...spare,
    '  include "level3(ralt_switch)"',
    '};',
    '',
  ].join('\n');
}

/**
 * xrdp's keymap of US keyboards (0x0409): lines `Key<8 + scancode>=<keysym>:<Unicode>`. xrdp takes scancodes modulo 128, so
 * that a key has two places among those for which xrdp presses no modifier; ASCII needs none.
 */
export function xrdpKeymap(): string {
  const line = (place: number, character: string): string =>
    `Key${8 + place}=${code(character) < 0x100 ? code(character) : 0x1000000 + code(character)}:${code(character)}`;
  return [
    '; Made by images/desktop-rdp/keyboard.ts, where it is explained.',
    '[noshift]',
    ...KEYS.map(({ number }, at) => line(number, LATIN1[at] ?? '')),
    ...SPARE.map(([, scancode, character]) => line(scancode, character)),
    ...KEYS.map(({ number }, at) => line(number + 128, LATIN1[at + KEYS.length] ?? '')),
    '',
  ].join('\n');
}

/** The files that follow from the table, by their path in the image. */
export const keyboardFiles = (): Record<string, string> => ({
  'usr/share/X11/xkb/symbols/beamdesk-rdp': xkbSymbols(),
  'etc/xrdp/km-00000409.ini': xrdpKeymap(),
});

if (import.meta.filename === process.argv[1]) {
  for (const [path, text] of Object.entries(keyboardFiles())) {
    const file = join(import.meta.dirname, 'files', path);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, text);
  }
}

import { KEYS, places, unicodeName } from './table.ts';

/** The layout's name in the guest: /usr/share/X11/xkb/symbols/<name>. */
export const LAYOUT = 'beamdesk';
const LEVELS = 8;

/**
 * The layout as an XKB symbols file. Its type knows no Caps Lock: whoever typed a capital did so in the browser, and a
 * second Caps Lock in the guest would undo it. The third level is held by the right Alt key and the fifth by the right
 * Ctrl key, which QEMU's keymap does not use for anything else.
 */
export function xkbSymbols(): string {
  const all = places();
  const keys = KEYS.map((key) => {
    const symbols = Array.from({ length: LEVELS }, (_, at) => {
      const place = all.find((found) => found.key === key && found.level === at + 1);
      const character = place?.character ?? (at < 2 ? key.us[at] : undefined);
      return character === undefined ? 'NoSymbol' : unicodeName(character);
    });
    return `  key <${key.xkb}> { type[Group1] = "EIGHT_LEVEL", symbols[Group1] = [ ${symbols.join(', ')} ] };`;
  });
  return [
    '// Made by images/builder/keyboard: every character that the page can type, see docs/decisions/0010.',
    'default partial alphanumeric_keys modifier_keys',
    'xkb_symbols "basic" {',
    '  name[Group1] = "Beamdesk (all Latin)";',
    ...keys,
    '  include "level3(ralt_switch)"',
    '  include "level5(rctrl_switch)"',
    '};',
    '',
  ].join('\n');
}

/** What has the X server of the guest start with it, as a file of xorg.conf.d. */
export function xorgKeyboard(): string {
  return [
    '# Made by images/builder/keyboard.',
    'Section "InputClass"',
    '  Identifier "keyboard"',
    '  MatchIsKeyboard "on"',
    `  Option "XkbLayout" "${LAYOUT}"`,
    'EndSection',
    '',
  ].join('\n');
}

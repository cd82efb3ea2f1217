import { MODIFIERS, places, unicodeName } from './table.ts';

/** Name of the file beside the image's disk. */
export const KEYMAP = 'keymap';

/**
 * Keys that type no character, by the X11 names that QEMU knows (ui/vnc_keysym.h), as numbers of scancode set 1 with 0x80
 * for the E0 prefix; QEMU has no name for ISO_Level5_Shift, so it goes by its number. The right Ctrl and Alt keys of a person are the left ones here: the right ones hold levels.
 */
const OTHER_KEYS: Readonly<Record<string, number>> = {
  ...{ Escape: 0x01, BackSpace: 0x0e, Tab: 0x0f, ISO_Left_Tab: 0x0f, Return: 0x1c, space: 0x39, Caps_Lock: 0x3a },
  ...{ Shift_L: 0x2a, Shift_R: 0x36, Control_L: 0x1d, Control_R: 0x1d, Alt_L: 0x38, Alt_R: 0x38, Meta_L: 0x38, Meta_R: 0x38 },
  ...{ ISO_Level3_Shift: 0xb8, Mode_switch: 0xb8, UFE11: 0x9d },
  ...{ Super_L: 0xdb, Super_R: 0xdc, Hyper_L: 0xdb, Hyper_R: 0xdc, Menu: 0xdd },
  ...{ F1: 0x3b, F2: 0x3c, F3: 0x3d, F4: 0x3e, F5: 0x3f, F6: 0x40, F7: 0x41, F8: 0x42, F9: 0x43, F10: 0x44, F11: 0x57, F12: 0x58 },
  ...{ Num_Lock: 0x45, Scroll_Lock: 0x46, Print: 0x54, Sys_Req: 0x54, Pause: 0xc6, Break: 0xc6 },
  ...{ Home: 0xc7, Up: 0xc8, Prior: 0xc9, Left: 0xcb, Right: 0xcd, End: 0xcf, Down: 0xd0, Next: 0xd1, Insert: 0xd2, Delete: 0xd3 },
  ...{ KP_Multiply: 0x37, KP_Subtract: 0x4a, KP_Add: 0x4e, KP_Enter: 0x9c, KP_Divide: 0xb5, KP_Equal: 0x59 },
  ...{ KP_Home: 0x47, KP_Up: 0x48, KP_Prior: 0x49, KP_Left: 0x4b, KP_Begin: 0x4c, KP_Right: 0x4d, KP_End: 0x4f, KP_Down: 0x50 },
  ...{ KP_Next: 0x51, KP_Insert: 0x52, KP_Delete: 0x53 },
};

/** Keys of the number pad that type digits while Num Lock is on, which QEMU sees to. */
const NUMBER_PAD: Readonly<Record<string, number>> = {
  ...{ KP_7: 0x47, KP_8: 0x48, KP_9: 0x49, KP_4: 0x4b, KP_5: 0x4c, KP_6: 0x4d, KP_1: 0x4f, KP_2: 0x50, KP_3: 0x51, KP_0: 0x52 },
  ...{ KP_Decimal: 0x53, KP_Separator: 0x53 },
};

/**
 * The keyboard as QEMU's VNC server takes it (`-k`): lines `<keysym's name> <number> [shift] [altgr] [numlock]`, where
 * `U` with four hexadecimal digits names a character. QEMU looks up a keysym by its lower 16 bits, so a line serves both a
 * Latin-1 keysym and one of Unicode (0x1000000 and the code point).
 */
export function qemuKeymap(): string {
  const line = (name: string, number: number, ...words: string[]): string =>
    [name, `0x${number.toString(16).padStart(2, '0')}`, ...words].join(' ');
  const characters = places().map(({ key, level, character }) =>
    line(
      unicodeName(character),
      key.number,
      ...((level - 1) & MODIFIERS.shift ? ['shift'] : []),
      ...((level - 1) & MODIFIERS.levelThree ? ['altgr'] : []),
    ),
  );
  return [
    '# Made by images/builder/keyboard, with the layout that is in the image.',
    ...Object.entries(OTHER_KEYS).map(([name, number]) => line(name, number)),
    ...Object.entries(NUMBER_PAD).map(([name, number]) => line(name, number, 'numlock')),
    ...characters,
    '',
  ].join('\n');
}

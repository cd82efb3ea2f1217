const CONTROL = new Set([0xffe3, 0xffe4]);
const ALT = new Set([0xffe9, 0xffea, 0xffe7, 0xffe8]);
const SHIFT = new Set([0xffe1, 0xffe2]);
const GROUPS = [CONTROL, ALT, SHIFT];

/**
 * True when exactly Ctrl, Alt and Shift are held (X11 keysyms; with Shift, Alt is Meta): the way out of the display for
 * the keyboard, since Tab and everything else belong to the desktop.
 */
export function isWayOut(pressed: readonly number[]): boolean {
  return (
    GROUPS.every((group) => pressed.some((keysym) => group.has(keysym))) &&
    pressed.every((keysym) => GROUPS.some((group) => group.has(keysym)))
  );
}

import { KEYSYM } from './remote-display/remote-display';

/** Keys that this computer keeps to itself, or that its keyboard may not have. */
export interface SpecialKeys {
  readonly label: string;
  /** Held down in this order. */
  readonly keysyms: readonly number[];
}

const { CONTROL, ALT, DELETE, BACKSPACE, TAB, PRINT, SUPER, F1 } = KEYSYM;
const FUNCTION_KEYS = Array.from({ length: 12 }, (_, index) => F1 + index);

/** Combinations first, then single keys. */
export const SPECIAL_KEYS: readonly SpecialKeys[] = [
  { label: 'Ctrl+Alt+Del', keysyms: [CONTROL, ALT, DELETE] },
  { label: 'Ctrl+Alt+Backspace', keysyms: [CONTROL, ALT, BACKSPACE] },
  { label: 'Alt+Tab', keysyms: [ALT, TAB] },
  { label: 'Alt+F4', keysyms: [ALT, FUNCTION_KEYS[3]] },
  { label: 'Print screen', keysyms: [PRINT] },
  { label: 'Windows key', keysyms: [SUPER] },
];

/** F1 to F12. */
export const FUNCTION_KEY_LIST: readonly SpecialKeys[] = FUNCTION_KEYS.map((keysym, index) => ({
  label: `F${index + 1}`,
  keysyms: [keysym],
}));

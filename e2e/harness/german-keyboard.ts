import { CDPSession, Page } from 'playwright-core';

/** What CDP calls modifiers: bits. It has none for AltGr. */
const ALT = 1;
const CTRL = 2;
const SHIFT = 8;
/** A person's pace, slow enough for an emulated machine. */
const PAUSE_MS = 40;
/** On this side of the keyboard; see DOM's `KeyboardEvent.location`. */
const LEFT = 1;
const RIGHT = 2;

type Level = 'plain' | 'Shift' | 'AltGr';
type Modifier = readonly [key: string, code: string, windowsVirtualKeyCode: number, location: number];
type Strokes = readonly (readonly [type: 'rawKeyDown' | 'keyUp', key: Modifier, modifiers: number])[];
/** What happens around characters of a level, and which modifiers the browser says are held while they are typed. */
type Hold = Readonly<{ begin: Strokes; held: number; end: Strokes }>;

const LEFT_SHIFT: Modifier = ['Shift', 'ShiftLeft', 16, LEFT];
const LEFT_CTRL: Modifier = ['Control', 'ControlLeft', 17, LEFT];
const LEFT_ALT: Modifier = ['Alt', 'AltLeft', 18, LEFT];
const LINUX_ALTGR: Modifier = ['AltGraph', 'AltRight', 225, RIGHT];
const WINDOWS_ALTGR: Modifier = ['AltGraph', 'AltRight', 18, RIGHT];

const NOTHING: Hold = { begin: [], held: 0, end: [] };
const SHIFTED: Hold = { begin: [['rawKeyDown', LEFT_SHIFT, SHIFT]], held: SHIFT, end: [['keyUp', LEFT_SHIFT, 0]] };

/** How browsers tell of the third level. */
export const ALTGR = {
  linux: { begin: [['rawKeyDown', LINUX_ALTGR, 0]], held: 0, end: [['keyUp', LINUX_ALTGR, 0]] },
  // Windows presses the left Ctrl with AltGr; its browsers hide that from the characters.
  windows: {
    begin: [
      ['rawKeyDown', LEFT_CTRL, CTRL],
      ['rawKeyDown', WINDOWS_ALTGR, 0],
    ],
    held: 0,
    end: [
      ['keyUp', LEFT_CTRL, 0],
      ['keyUp', WINDOWS_ALTGR, 0],
    ],
  },
  // Where there is no AltGr key, or no finger for it, Windows takes both of these for it.
  ctrlAlt: {
    begin: [
      ['rawKeyDown', LEFT_CTRL, CTRL],
      ['rawKeyDown', LEFT_ALT, CTRL | ALT],
    ],
    held: CTRL | ALT,
    end: [
      ['keyUp', LEFT_ALT, CTRL],
      ['keyUp', LEFT_CTRL, 0],
    ],
  },
} satisfies Record<string, Hold>;

/** Keys by their place on a US keyboard, what Windows calls them in German, and what they type plain, with Shift, with AltGr. */
const KEYS: readonly (readonly [code: string, windowsVirtualKeyCode: number, characters: string])[] = [
  ['Quote', 222, 'äÄ'],
  ['Semicolon', 192, 'öÖ'],
  ['BracketLeft', 186, 'üÜ'],
  ['BracketRight', 187, '+*~'],
  ['Minus', 219, 'ß?\\'],
  ['Digit7', 55, '7/{'],
  ['Digit8', 56, '8(['],
  ['Digit9', 57, '9)]'],
  ['Digit0', 48, '0=}'],
  ['KeyE', 69, 'eE€'],
  ['KeyQ', 81, 'qQ@'],
  ['KeyY', 90, 'zZ'],
  ['KeyZ', 89, 'yY'],
  ['IntlBackslash', 226, '<>|'],
];
const LEVELS: readonly Level[] = ['plain', 'Shift', 'AltGr'];

/** Types as a browser on a computer with a German keyboard tells of it: key events, and no character is ever inserted. */
export class GermanKeyboard {
  private constructor(
    private readonly session: CDPSession,
    private readonly page: Page,
  ) {}

  static async of(page: Page): Promise<GermanKeyboard> {
    return new GermanKeyboard(await page.context().newCDPSession(page), page);
  }

  /**
   * Types into whatever has the focus. What is on one level is typed while its modifier stays held.
   * @throws Error for a character that is not in its table
   */
  async type(text: string, altGr: Hold): Promise<void> {
    const holds: Record<Level, Hold> = { plain: NOTHING, Shift: SHIFTED, AltGr: altGr };
    let hold = NOTHING;
    for (const character of text) {
      const { code, virtual, level } = placeOf(character);
      if (hold !== holds[level]) {
        await this.press(hold.end);
        hold = holds[level];
        await this.press(hold.begin);
      }
      const key = { key: character, code, windowsVirtualKeyCode: virtual, modifiers: hold.held };
      await this.session.send('Input.dispatchKeyEvent', { ...key, type: 'keyDown', text: character });
      await this.session.send('Input.dispatchKeyEvent', { ...key, type: 'keyUp' });
      await this.page.waitForTimeout(PAUSE_MS);
    }
    await this.press(hold.end);
  }

  private async press(strokes: Strokes): Promise<void> {
    for (const [type, [key, code, windowsVirtualKeyCode, location], modifiers] of strokes) {
      await this.session.send('Input.dispatchKeyEvent', { type, key, code, windowsVirtualKeyCode, location, modifiers });
    }
  }
}

function placeOf(character: string): { code: string; virtual: number; level: Level } {
  for (const [code, virtual, characters] of KEYS) {
    const level = LEVELS[characters.indexOf(character)];
    if (level) return { code, virtual, level };
  }
  throw new Error(`${character} is not in the table of the German keyboard`);
}

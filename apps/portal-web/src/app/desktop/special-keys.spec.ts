import { FUNCTION_KEY_LIST, SPECIAL_KEYS } from './special-keys';

describe('special keys', () => {
  it('are the keysyms of X11, modifiers first', () => {
    const words = [...SPECIAL_KEYS, ...FUNCTION_KEY_LIST].map(
      ({ label, keysyms }) => `${label}: ${keysyms.map((keysym) => keysym.toString(16)).join(' ')}`,
    );
    expect(words).toEqual([
      'Ctrl+Alt+Del: ffe3 ffe9 ffff',
      'Ctrl+Alt+Backspace: ffe3 ffe9 ff08',
      'Alt+Tab: ffe9 ff09',
      'Alt+F4: ffe9 ffc1',
      'Print screen: ff61',
      'Windows key: ffeb',
      ...['be', 'bf', 'c0', 'c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7', 'c8', 'c9'].map(
        (end, n) => `F${n + 1}: ff${end}`,
      ),
    ]);
  });
});

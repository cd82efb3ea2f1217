import { typedKey } from './typed-key';

const NAMES: Readonly<Record<number, string>> = {
  0xffe1: 'Shift',
  0xffe2: 'ShiftR',
  0xffe3: 'Ctrl',
  0xffe9: 'Alt',
  0xffeb: 'Super',
  0xfe03: 'AltGr',
  0xff0d: 'Enter',
};
const keysym = (name: string) =>
  Number(Object.keys(NAMES).find((key) => NAMES[Number(key)] === name) ?? name.charCodeAt(0));
const words = (name: string, held: string[]) =>
  typedKey(keysym(name), held.map(keysym))
    .map(([pressed, key]) => `${pressed ? '+' : '-'}${NAMES[key] ?? String.fromCharCode(key)}`)
    .join(' ');

describe('typedKey', () => {
  it.each([
    ['a letter as it is', 'a', [], '+a'],
    ['a capital of an input method with Shift', 'A', [], '+Shift +A -Shift'],
    ['a capital whose Shift is held as it is', 'A', ['Shift'], '+A'],
    ['… by the other Shift', 'A', ['ShiftR'], '+A'],
    ['a symbol of a dead key with Shift', '^', [], '+Shift +^ -Shift'],
    ['the German Shift+7 without Shift', '/', ['Shift'], '-Shift +/ +Shift'],
    ['the German AltGr+Q with Shift instead of AltGr', '@', ['AltGr'], '-AltGr +Shift +@ -Shift +AltGr'],
    ['the German AltGr+8 without AltGr', '[', ['AltGr'], '-AltGr +[ +AltGr'],
    ['a French digit without Shift', '1', ['ShiftR'], '-ShiftR +1 +ShiftR'],
    ['a small letter of Caps Lock and Shift', 'a', ['Shift'], '-Shift +a +Shift'],
    ['the space whatever is held', ' ', ['Shift'], '+ '],
    ['Enter with Shift', 'Enter', ['Shift'], '+Enter'],
    ['what no US keyboard has', 'ä', ['Shift'], '+ä'],
    ['a shortcut', 'C', ['Ctrl'], '+C'],
    ['a shortcut with Shift', '/', ['Alt', 'Shift'], '+/'],
    ['a shortcut of the window manager', 'L', ['Super'], '+L'],
  ])('types %s', (_name, key, held, expected) => expect(words(key, held)).toBe(expected));

  it('knows the Shift of every character of a US keyboard', () => {
    const printable = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));
    const shifted = printable.filter((character) => words(character, []).startsWith('+Shift'));
    expect(shifted.join('')).toBe('!"#$%&()*+:<>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ^_{|}~');
    const unshifted = printable.filter((character) => words(character, ['Shift']).startsWith('-Shift'));
    expect(unshifted.join('')).toBe("',-./0123456789;=[\\]`abcdefghijklmnopqrstuvwxyz");
  });
});

import { characterOf, levelOf } from './keyboard-levels';
import { typedKey } from './typed-key';

const NAMES: Readonly<Record<number, string>> = {
  0xffe1: 'Shift',
  0xffe2: 'ShiftR',
  0xffe3: 'Ctrl',
  0xffe9: 'Alt',
  0xffeb: 'Super',
  0xfe03: 'AltGr',
  0xfe11: 'Five',
  0xff0d: 'Enter',
};
const ofCharacter = (character: string) => {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x100 ? code : 0x1000000 + code;
};
const keysym = (name: string) =>
  Number(Object.keys(NAMES).find((key) => NAMES[Number(key)] === name) ?? ofCharacter(name));
const words = (name: string, held: string[], altTypes = false, protocol: 'vnc' | 'rdp' = 'vnc') =>
  typedKey({ protocol, altTypes }, keysym(name), held.map(keysym))
    .map(([pressed, key]) => `${pressed ? '+' : '-'}${NAMES[key] ?? characterOf(key)}`)
    .join(' ');

describe('typedKey', () => {
  it.each([
    ['a letter as it is', 'a', [], '+a'],
    ['a capital of an input method with Shift', 'A', [], '+Shift +A -Shift'],
    ['a capital whose Shift is held as it is', 'A', ['Shift'], '+A'],
    ['… by the other Shift', 'A', ['ShiftR'], '+A'],
    ['a symbol of a dead key with Shift', '^', [], '+Shift +^ -Shift'],
    ['the German Shift+7 without Shift', '/', ['Shift'], '-Shift +/ +Shift'],
    ['the German AltGr+Q with Shift instead of AltGr', '@', ['AltGr'], '+Shift -AltGr +@ +AltGr -Shift'],
    ['the German AltGr+8 without AltGr', '[', ['AltGr'], '-AltGr +[ +AltGr'],
    ['a French digit without Shift', '1', ['ShiftR'], '-ShiftR +1 +ShiftR'],
    ['a small letter of Caps Lock and Shift', 'a', ['Shift'], '-Shift +a +Shift'],
    ['the space whatever is held', ' ', ['Shift'], '+ '],
    ['Enter with Shift', 'Enter', ['Shift'], '+Enter'],
    ['a sign of the third level with AltGr', '§', ['Shift'], '-Shift +AltGr +§ -AltGr +Shift'],
    ['an umlaut of the fourth level with AltGr and Shift', 'ä', [], '+Shift +AltGr +ä -AltGr -Shift'],
    ['a capital umlaut that needs no Shift without', 'Ä', ['Shift'], '-Shift +AltGr +Ä -AltGr +Shift'],
    ['a Polish letter with the fifth level', 'ą', [], '+Five +ą -Five'],
    ['the euro sign of AltGr+E with AltGr and the fifth level', '€', ['AltGr'], '+Five +€ -Five'],
    ['a key that is typed while AltGr is held as AltGr needs it', 'é', ['AltGr'], '+Shift +é -Shift'],
    ['a shortcut', 'C', ['Ctrl'], '+C'],
    ['a shortcut with Shift', 'C', ['Ctrl', 'Shift'], '+C'],
    ['a shortcut of the window manager', 'L', ['Super'], '+L'],
    ['the German Ctrl+Shift+7 as Ctrl+/', '/', ['Ctrl', 'Shift'], '-Shift +/ +Shift'],
    ['the German Ctrl++ as Ctrl++', '+', ['Ctrl'], '+Shift ++ -Shift'],
    ['nothing for what the keyboard does not have', '日', [], ''],
    ['nothing for what QEMU would take for Return', '\uff0d', [], ''],
    ['nothing for an emoji', '🙂', [], ''],
  ])('types %s', (_name, key, held, expected) => expect(words(key, held)).toBe(expected));

  it.each([
    ['the @ of Option+L', '@', ['Alt'], '-Alt +Shift +@ -Shift +Alt'],
    ['the bracket of Option+5', '[', ['Alt'], '-Alt +[ +Alt'],
    ['a letter of a shortcut', 'c', ['Ctrl', 'Alt'], '+c'],
    ['Option and a key without a character', 'Enter', ['Alt'], '+Enter'],
  ])('types %s of a Mac', (_name, key, held, expected) => expect(words(key, held, true)).toBe(expected));

  it.each([
    ['a capital of an input method with Shift', 'A', [], '+Shift +A -Shift'],
    ['the German Shift+7 without Shift', '/', ['Shift'], '-Shift +/ +Shift'],
    ['the German AltGr+8 without AltGr, which guacd leaves as it is', '[', ['AltGr'], '-AltGr +[ +AltGr'],
    ['the German AltGr+Q with Shift instead of AltGr', '@', ['AltGr'], '+Shift -AltGr +@ +AltGr -Shift'],
    ['an umlaut with what its level needs', 'ä', [], '+Shift +AltGr +ä -AltGr -Shift'],
    ['a capital umlaut without Shift', 'Ä', ['Shift'], '-Shift +AltGr +Ä -AltGr +Shift'],
    ['the euro sign as it is', '€', ['AltGr'], '+€'],
    ['a Mac’s @ without Option', '@', ['Alt'], '-Alt +Shift +@ -Shift +Alt'],
    ['what the keyboard does not have as it is', '日', [], '+日'],
  ])('types %s in an RDP desktop', (_name, key, held, expected) =>
    expect(words(key, held, true, 'rdp')).toBe(expected),
  );

  it('knows the Shift of every character of a US keyboard', () => {
    const printable = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));
    const shifted = printable.filter((character) => words(character, []).startsWith('+Shift'));
    expect(shifted.join('')).toBe('!"#$%&()*+:<>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ^_{|}~');
    const unshifted = printable.filter((character) => words(character, ['Shift']).startsWith('-Shift'));
    expect(unshifted.join('')).toBe("',-./0123456789;=[\\]`abcdefghijklmnopqrstuvwxyz");
  });

  it.each([
    ['Latin-1', Array.from({ length: 96 }, (_, index) => String.fromCharCode(0xa0 + index)).join('')],
    ['Latin-9', '€ŠšŽžŒœŸ'],
    ['Polish, Czech, Hungarian, Romanian, Turkish', 'ąćęłńóśźżčďěňřšťůžőűăâîșțğışİ'],
    ['the measure of things', 'µαβγδελπσφω°±×·≈≤≥√∞ÅÅ'.normalize('NFC')],
    ['what typographers set', '„“”‚‘’–—…•«»‹›'],
  ])('has all of %s', (_name, characters) => {
    expect([...characters].filter((character) => levelOf(character) === null)).toEqual([]);
  });
});

import { textKeysyms } from './text-keysyms';

describe('textKeysyms', () => {
  it.each([
    ['Aß ', [0x41, 0xdf, 0x20]],
    ['€', [0x10020ac]],
    ['日本', [0x10065e5, 0x100672c]],
    ['😀', [0x101f600]],
    ['a\r\nb\rc\n\t', [0x61, 0xff0d, 0x62, 0xff0d, 0x63, 0xff0d, 0xff09]],
    ['\u0000\u001b\u007f\u0085', []],
    ['', []],
  ])('%j', (text, keysyms) => expect(textKeysyms(text)).toEqual(keysyms));
});

import { KEYSYM } from './remote-display';

/**
 * The keys that type a text: one X11 keysym a character, marks joined with their letters where such a character exists.
 * Control characters that are no key are left out.
 */
export function textKeysyms(text: string): readonly number[] {
  return [...text.normalize('NFC').replace(/\r\n?/g, '\n')].flatMap((character) => {
    const code = character.codePointAt(0) ?? 0;
    if (character === '\n') return [KEYSYM.RETURN];
    if (character === '\t') return [KEYSYM.TAB];
    if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return [];
    return [code < 0x100 ? code : 0x1000000 | code];
  });
}

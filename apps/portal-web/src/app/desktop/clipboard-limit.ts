/** guacd holds 256 KiB of clipboard and cuts what is longer, in the middle of a character if it must. */
const MOST_BYTES = 262_144;

/** The limit in words. */
export const CLIPBOARD_LIMIT_WORDS = '256 kB';

/** Whether the desktop's clipboard takes the whole text. Counted as it travels, in UTF-8. */
export function fitsClipboard(text: string): boolean {
  return new TextEncoder().encode(text).length <= MOST_BYTES;
}

const MAX_LENGTH = 320;
/** One address and nothing else: no list, no comment, no quoted name, no control characters (RFC 5321, 4.1.2, without quoted strings). */
const ADDRESS = /^[^\s@<>()[\]\\,;:"\p{C}]{1,64}@[^\s@<>()[\]\\,;:"\p{C}]+$/u;

/** Whether mail can be sent there without it meaning anything but this one mailbox. */
export function isAddress(text: string): boolean {
  return text.length <= MAX_LENGTH && ADDRESS.test(text);
}

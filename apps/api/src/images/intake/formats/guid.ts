/** A GUID as its 16 bytes in a file: the first three groups little-endian. */
export function guid(text: string): Buffer {
  const [first, second, third, ...rest] = text.split('-').map((part) => Buffer.from(part, 'hex'));
  return Buffer.concat([first.reverse(), second.reverse(), third.reverse(), ...rest]);
}

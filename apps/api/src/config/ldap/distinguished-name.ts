/**
 * A distinguished name in a form that is equal for equal names: directories write the same one in several ways
 * (`CN=A\, B,DC=x` and `cn=a\2c b, dc=x`). RFC 4514 for the text; types and values compare without regard to case and
 * to how many blanks stand in a row (caseIgnoreMatch, RFC 4517, which naming attributes have nearly all).
 * @returns null where that is no distinguished name
 */
export function dnKey(text: string): string | null {
  const names: string[][] = [];
  for (const part of splitAt(text, ',')) {
    const pairs = splitAt(part, '+').map(pairKey);
    if (pairs.some((pair) => pair === null)) return null;
    names.push(pairs.filter((pair) => pair !== null).sort());
  }
  return JSON.stringify(names);
}

const TYPE = /^\s*([A-Za-z][A-Za-z0-9-]*|[0-9]+(?:\.[0-9]+)+)\s*$/;

function pairKey(pair: string): string | null {
  const at = pair.indexOf('=');
  const type = TYPE.exec(pair.slice(0, Math.max(0, at)))?.[1];
  const value = at < 0 ? null : unescaped(pair.slice(at + 1));
  if (type === undefined || value === null || value === '') return null;
  return `${type.toLowerCase()}=${value.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim()}`;
}

/** At every `sign` without a backslash before it. */
function splitAt(text: string, sign: string): string[] {
  const parts = [''];
  for (const [piece] of text.matchAll(/\\[\s\S]|[\s\S]/g)) {
    if (piece === sign) parts.push('');
    else parts[parts.length - 1] += piece;
  }
  return parts;
}

/** `\2c` is a byte of UTF-8, `\,` the sign itself; null: a backslash with nothing behind it. */
function unescaped(value: string): string | null {
  const bytes: Buffer[] = [];
  for (const [piece, hex, sign] of value.matchAll(/\\([0-9a-fA-F]{2})|\\([\s\S])|[^\\]+|\\$/g)) {
    if (piece === '\\') return null;
    bytes.push(hex === undefined ? Buffer.from(sign ?? piece) : Buffer.from(hex, 'hex'));
  }
  return Buffer.concat(bytes).toString('utf8');
}

const SURROGATE_PAIR = /[\uD800-\uDBFF][\uDC00-\uDFFF]/g;
const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/** How many Unicode code points `text` has; the unit of every Guacamole element length. */
export function codePoints(text: string): number {
  return text.length - (text.match(SURROGATE_PAIR)?.length ?? 0);
}

/**
 * One instruction as it goes over the wire: `LENGTH.VALUE,…;`, lengths in code points. A lone surrogate, which UTF-8
 * cannot carry, becomes U+FFFD.
 */
export function encodeInstruction(...elements: readonly string[]): string {
  return `${elements.map(encodeElement).join(',')};`;
}

/** Text without characters that old clients count wrongly or a terminal would act on: printable ASCII, else `?`. */
export function toAscii(text: string): string {
  return text.replace(SURROGATE_PAIR, '?').replace(/[^\x20-\x7e]/g, '?');
}

function encodeElement(value: string): string {
  const text = value.replace(LONE_SURROGATE, '\uFFFD');
  return `${codePoints(text)}.${text}`;
}

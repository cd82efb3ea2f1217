export interface JpqlToken {
  type: 'keyword' | 'name' | 'string' | 'integer' | 'parameter' | 'timestamp' | 'sign';
  value: string;
}

/** The server's answer to a query it can't take: 400 BAD_PARAMETER. */
export class JpqlError extends Error {}

const KEYWORDS = new Set(
  'AND AS ASC BY COUNT DESC DISTINCT FROM IN INCLUDE IS JOIN LEFT LIMIT LIKE NOT NULL OR ORDER SELECT WHERE'.split(' '),
);

const PATTERNS: [JpqlToken['type'], RegExp][] = [
  ['name', /[\p{L}$_][\p{L}\p{N}_.$]*/uy],
  ['integer', /-?\d+/y],
  ['parameter', /:[\p{L}\p{N}_]+/uy],
  ['string', /'(?:[^'\0]|'')*'/y],
  ['timestamp', /\{\s*ts\s+\d{4}-\d{2}-\d{2}\s+\d{2}:\d{2}:\d{2}\s*\}/y],
  ['sign', /<>|<=|>=|!=|[=<>(),*]/y],
];

/** As icat.server's Tokenizer: the space is the only white space, so that a line break or tab is an error. */
export function jpqlTokens(query: string): JpqlToken[] {
  const tokens: JpqlToken[] = [];
  for (let at = 0; at < query.length;) {
    if (query[at] === ' ') {
      at++;
      continue;
    }
    const found = match(query, at);
    if (!found) {
      const near = query.slice(Math.max(0, at - 4), at + 5);
      throw new JpqlError(`Unexpected character '${query[at]}' near "${near}" in state NONE for string: ${query}`);
    }
    tokens.push(found.token);
    at = found.end;
  }
  return tokens;
}

function match(query: string, at: number): { token: JpqlToken; end: number } | null {
  for (const [type, pattern] of PATTERNS) {
    pattern.lastIndex = at;
    const text = pattern.exec(query)?.[0];
    if (text === undefined) continue;
    const end = at + text.length;
    if (type === 'string') return { token: { type, value: text.slice(1, -1).replaceAll("''", "'") }, end };
    const upper = text.toUpperCase();
    if (type === 'name' && KEYWORDS.has(upper)) return { token: { type: 'keyword', value: upper }, end };
    return { token: { type, value: text }, end };
  }
  return null;
}

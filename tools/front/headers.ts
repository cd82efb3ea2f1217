/** Headers that belong to one connection, not to the message (RFC 9110, 7.6.1). */
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade']);
/** What a client may not claim: these are ours to say. */
const CLAIMS = /^(forwarded|x-forwarded-.*|x-real-ip|x-original-.*|x-rewrite-.*|via|proxy|proxy-authorization)$/;

/** Pairs of name and value as Node keeps them raw, without those of one connection. */
export function endToEnd(rawHeaders: string[], connection: string | undefined): [string, string][] {
  const listed = new Set((connection ?? '').split(',').map((name) => name.trim().toLowerCase()));
  const pairs: [string, string][] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    const lower = name.toLowerCase();
    if (!HOP_BY_HOP.has(lower) && !listed.has(lower)) pairs.push([name, rawHeaders[at + 1] ?? '']);
  }
  return pairs;
}

/** What a backend is sent: the client's headers, less its claims about itself, with the truth about where it came from. */
export function towardsBackend(
  rawHeaders: string[],
  connection: string | undefined,
  origin: { publicUrl: URL; client: string | undefined },
): [string, string][] {
  const kept = endToEnd(rawHeaders, connection).filter(([name]) => {
    const lower = name.toLowerCase();
    return lower !== 'host' && lower !== 'expect' && !CLAIMS.test(lower) && !name.includes('_');
  });
  return [
    ['Host', origin.publicUrl.host],
    ...kept,
    ['X-Forwarded-For', origin.client ?? 'unknown'],
    ['X-Forwarded-Proto', origin.publicUrl.protocol.slice(0, -1)],
    ['X-Forwarded-Host', origin.publicUrl.host],
  ];
}

/** Node takes a flat list of names and values as well; it keeps repeated names (Set-Cookie) apart. */
export function flat(pairs: [string, string][]): string[] {
  return pairs.flat();
}

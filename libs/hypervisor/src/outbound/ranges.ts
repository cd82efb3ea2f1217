/** IPv4 addresses, first to last, as numbers. */
export interface Range {
  from: number;
  to: number;
}

/** "10.1.2.3" as a number; null when it is none. */
export function addressOf(text: string): number | null {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number);
  if (!parts || parts.some((part) => part > 255)) return null;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

/** "10.0.0.0/8" or one address. @throws Error when it is neither */
export function rangeOf(text: string): Range {
  const [address, bits = '32', ...more] = text.split('/');
  const from = addressOf(address ?? '');
  if (from === null || more.length > 0 || !/^\d{1,2}$/.test(bits) || Number(bits) > 32) throw new Error(`not an IPv4 range: ${text}`);
  const size = 2 ** (32 - Number(bits));
  const start = Math.floor(from / size) * size;
  return { from: start, to: start + size - 1 };
}

export const covers = (ranges: Range[], address: number) => ranges.some(({ from, to }) => address >= from && address <= to);

/** Never anybody's to reach: this network, loopback, link-local (where clouds keep their secrets), multicast, reserved (RFC 6890). */
export const NEVER = ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/4', '240.0.0.0/4'].map(rangeOf);

/** What a site closes unless it says otherwise: private networks (RFC 1918, RFC 6598), where its own services are. */
export const PRIVATE = ['10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16'];

/**
 * Every address that this host itself answers to, from /proc/net/fib_trie: also of interfaces that are down, and whole ranges that are routed to it.
 * @throws Error when there is none in it: a host always has its loopback
 */
export function ownRanges(fibTrie: string): Range[] {
  const own: Range[] = [];
  let at = '';
  for (const line of fibTrie.split('\n')) {
    at = /\|-- (\S+)/.exec(line)?.[1] ?? at;
    const bits = /\/(\d+) \S+ (?:LOCAL|BROADCAST)/.exec(line)?.[1];
    if (bits !== undefined) own.push(rangeOf(`${at}/${bits}`));
  }
  if (own.length === 0) throw new Error('/proc/net/fib_trie names no address of this host');
  return own;
}

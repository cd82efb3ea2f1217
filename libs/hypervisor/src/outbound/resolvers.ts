import { addressOf, covers, NEVER, Range } from './ranges';

/** Where a host says which name servers it asks: its own file, and the one behind systemd's resolver, which itself is at the host's loopback. */
export const RESOLVER_FILES = ['/etc/resolv.conf', '/run/systemd/resolve/resolv.conf'];
/** As many as resolv.conf(5) takes. */
const MOST = 3;

/**
 * The name servers that a guest may ask: the host's, but for those that are the host itself.
 * @param texts of those files, in that order
 */
export function resolversOf(texts: string[], own: Range[]): string[] {
  const named = texts.flatMap((text) => [...text.matchAll(/^nameserver[ \t]+(\S+)/gm)].map(([, address]) => address ?? ''));
  const open = named.filter((text) => {
    const address = addressOf(text);
    return address !== null && !covers(NEVER, address) && !covers(own, address);
  });
  return [...new Set(open)].slice(0, MOST);
}

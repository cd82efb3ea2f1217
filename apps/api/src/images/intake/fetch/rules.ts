import ipaddr from 'ipaddr.js';
import { ImageRefusedError } from '../image-refused';
import type { FetchRules } from '../types';

type Rules = Pick<FetchRules, 'hosts' | 'privateHosts' | 'http'>;

/** Ranges of a site's own network. Never among them: link-local addresses, where clouds tell machines their secrets (169.254.169.254). */
const OWN_NETWORK = ['private', 'loopback', 'uniqueLocal', 'carrierGradeNat'];
/** All that is given out of IPv6 for the internet (RFC 4291, 2.4); the rest only looks like it, e.g. ::127.0.0.1. */
const GLOBAL_IPV6 = ipaddr.parse('2000::');

/** Name of a URL's host as rules have it: lower case, no dot at the end, an IPv6 address without brackets. */
export const hostOf = (url: URL): string => url.hostname.toLowerCase().replace(/\.$/, '').replace(/^\[(.*)\]$/, '$1');

const isPrivateHost = (host: string, { privateHosts }: Rules): boolean =>
  privateHosts.some((allowed) => allowed.toLowerCase() === host);

function isAllowedHost(host: string, rules: Rules): boolean {
  if (isPrivateHost(host, rules)) return true;
  return rules.hosts.some((name) => {
    const allowed = name.toLowerCase();
    return allowed.startsWith('.') ? host.endsWith(allowed) && host.length > allowed.length : host === allowed;
  });
}

/** Whether anything may be fetched from this address; of a redirect as of the first. @throws ImageRefusedError URL_NOT_ALLOWED */
export function judgeUrl(text: string, rules: Rules, base?: URL): URL {
  const url = URL.parse(text, base?.href);
  if (!url) throw new ImageRefusedError('URL_NOT_ALLOWED', `no address: ${text}`);
  const host = hostOf(url);
  const where = `${url.protocol}//${url.host}`;
  if (url.username || url.password) throw new ImageRefusedError('URL_NOT_ALLOWED', `${where}: with a name or password`);
  if (!isAllowedHost(host, rules)) throw new ImageRefusedError('URL_NOT_ALLOWED', `${where}: not an allowed host`);
  const plain = url.protocol === 'http:' && rules.http && isPrivateHost(host, rules);
  if (url.protocol !== 'https:' && !plain) throw new ImageRefusedError('URL_NOT_ALLOWED', `${where}: only https`);
  return url;
}

/** Every address of a host must be allowed: which of them is used would be chance. @throws ImageRefusedError ADDRESS_NOT_ALLOWED, HOST_UNKNOWN */
export function judgeAddresses(host: string, addresses: readonly string[], rules: Rules): void {
  if (addresses.length === 0) throw new ImageRefusedError('HOST_UNKNOWN', host);
  for (const address of addresses) {
    const range = rangeOf(address);
    const allowed = range === 'unicast' || (isPrivateHost(host, rules) && OWN_NETWORK.includes(range));
    if (!allowed) throw new ImageRefusedError('ADDRESS_NOT_ALLOWED', `${host} is ${address} (${range})`);
  }
}

/** IPv4 addresses in the clothes of IPv6 count as what they are. */
function rangeOf(text: string): string {
  const address = ipaddr.process(text);
  const range = address.range();
  if (address.kind() === 'ipv6' && range === 'unicast' && !address.match(GLOBAL_IPV6, 3)) return 'reserved';
  return range;
}

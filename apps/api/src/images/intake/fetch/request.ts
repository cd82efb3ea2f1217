import { ClientRequest, IncomingMessage, request as overHttp, RequestOptions } from 'node:http';
import { request as overHttps } from 'node:https';
import { isIP, LookupFunction } from 'node:net';
import { codeOf } from '../code-of';
import { ImageRefusedError } from '../image-refused';
import type { FetchRules } from '../types';
import { hostOf, judgeAddresses, judgeUrl } from './rules';

const MOST_REDIRECTS = 5;
const REDIRECTS = [301, 302, 303, 307, 308];

/** What the world outside is asked; other for tests. */
export interface FetchWorld {
  /** Every address of a host. Rejects with `code` ENOTFOUND where there is none. */
  resolve(host: string): Promise<string[]>;
  /** Certificates that are trusted; absent: the system's. */
  ca?: string | Buffer;
  /** Waits before the next attempt. */
  pause(ms: number, signal: AbortSignal): Promise<void>;
}

/** The connection broke, or was never made: worth another attempt. */
export class ConnectionBroken extends Error {}

interface Order {
  url: string;
  rules: FetchRules;
  headers: Record<string, string>;
  signal: AbortSignal;
}

/**
 * Asks for a file and follows redirects by hand: every address is judged anew, and a connection goes to the very addresses that were
 * judged, so that a second answer of the name service changes nothing. No proxy is used, nothing is kept open.
 * @throws ImageRefusedError, ConnectionBroken
 */
export async function ask(world: FetchWorld, { url: first, ...order }: Order): Promise<{ response: IncomingMessage; url: URL }> {
  let url = judgeUrl(first, order.rules);
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const response = await askOnce(world, url, order);
    const { statusCode = 0, headers } = response;
    if (!REDIRECTS.includes(statusCode) || headers.location === undefined) return { response, url };
    response.destroy();
    url = judgeUrl(headers.location, order.rules, url);
  }
  throw new ImageRefusedError('TOO_MANY_REDIRECTS', `the last was to ${url.origin}`);
}

async function askOnce(world: FetchWorld, url: URL, { rules, headers, signal }: Omit<Order, 'url'>): Promise<IncomingMessage> {
  const host = hostOf(url);
  const addresses = isIP(host) ? [host] : await resolved(world, host, signal);
  judgeAddresses(host, addresses, rules);
  const options: RequestOptions & { ca?: string | Buffer } = {
    headers: { ...headers, 'accept-encoding': 'identity', 'user-agent': 'Beamdesk' },
    // An agent of its own: none that knows of proxies, or of connections made before.
    agent: false,
    lookup: pinned(addresses),
    timeout: rules.idleSeconds * 1000,
    signal,
    ca: world.ca,
  };
  const request = url.protocol === 'https:' ? overHttps(url, options) : overHttp(url, options);
  return answerOf(request, url, signal);
}

async function resolved(world: FetchWorld, host: string, signal: AbortSignal): Promise<string[]> {
  try {
    return await world.resolve(host);
  } catch (error) {
    signal.throwIfAborted();
    if (codeOf(error) === 'ENOTFOUND') throw new ImageRefusedError('HOST_UNKNOWN', host);
    throw new ConnectionBroken(`${host}: ${String(error)}`);
  }
}

/** Gives the addresses that were judged, whatever is asked. */
function pinned(addresses: readonly string[]): LookupFunction {
  const all = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_, { all: wanted }, answer) => (wanted ? answer(null, all) : answer(null, all[0].address, all[0].family));
}

function answerOf(request: ClientRequest, url: URL, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve);
    // Nothing came for so long, whether before the answer or in it.
    request.once('timeout', () => request.destroy(new Error('nothing came for too long')));
    request.on('error', (error) => {
      if (signal.aborted) reject(signal.reason as Error);
      else if (isUntrusted(error)) reject(new ImageRefusedError('SERVER_UNTRUSTED', `${url.host}: ${error.message}`));
      else reject(new ConnectionBroken(`${url.host}: ${codeOf(error) || error.message}`));
    });
    request.end();
  });
}

const isUntrusted = (error: Error): boolean =>
  /^(ERR_TLS_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|INVALID_CA|HOSTNAME_MISMATCH)/.test(codeOf(error));

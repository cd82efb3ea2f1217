import type { IncomingHttpHeaders } from 'node:http';
import { Config } from '../config';

/**
 * Whether a request comes from a page of ours. Browsers send Origin with every request that changes something and with
 * every websocket; a request without it is taken only when Sec-Fetch-Site says it is ours.
 */
export function isOurOrigin(config: Config, headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return false;
  return headers.origin === undefined ? site === 'same-origin' : headers.origin === config.publicUrl.origin;
}

import { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { DisplaySize } from './guacd/handshake';

/** The path of the websocket; the portal's front hands it on unchanged. */
export const TUNNEL_PATH = '/desktop';
const SUBPROTOCOL = 'guacamole';

/** What the query of the websocket's URL may say. */
export interface ConnectRequest {
  readonly ticket: string;
  readonly cookie: string;
  readonly origin: string;
  readonly size: DisplaySize;
}

const MAX_COOKIE = 16_384;
const pixels = z.coerce.number().int().min(16).max(8192);

const query = z.object({
  ticket: z.string().min(1).max(200),
  width: pixels.default(1280),
  height: pixels.default(800),
  dpi: z.coerce.number().int().min(24).max(768).default(96),
});

/** Why a request may not become a websocket, as an HTTP status; null when it may. */
export function refuseUpgrade({ url, headers }: IncomingMessage, origin: string): number | null {
  if (pathOf(url) !== TUNNEL_PATH) {
    return 404;
  }
  if (headers.origin !== origin) {
    return 403;
  }
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  return offered.includes(SUBPROTOCOL) ? null : 400;
}

/**
 * Reads ticket and optimal size; the target of a session never comes from here. `missing-ticket` and `bad-query` tell
 * apart who has no right from who is broken.
 */
export function readConnectRequest({ url, headers }: IncomingMessage): ConnectRequest | 'missing-ticket' | 'bad-query' {
  const parameters = new URLSearchParams((url ?? '').split('?')[1] ?? '');
  const cookie = headers.cookie ?? '';
  if (!parameters.get('ticket')) {
    return 'missing-ticket';
  }
  const parsed = query.safeParse(Object.fromEntries(parameters));
  if (!parsed.success || parameters.getAll('ticket').length !== 1 || cookie.length > MAX_COOKIE) {
    return 'bad-query';
  }
  const { ticket, ...size } = parsed.data;
  return { ticket, cookie, origin: headers.origin ?? '', size };
}

function pathOf(url: string | undefined): string {
  return (url ?? '').split('?')[0];
}

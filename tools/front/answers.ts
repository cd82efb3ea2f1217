import type { IncomingMessage, ServerResponse } from 'node:http';

/** What the front itself refuses or cannot do: the same body as the api's errors. */
export interface Refusal {
  status: number;
  code: string;
  message: string;
  /** Seconds after which another try makes sense. */
  retryAfter?: number;
}

export const REFUSALS = {
  badPath: { status: 400, code: 'BAD_REQUEST', message: 'This address is not well formed.' },
  wrongHost: { status: 421, code: 'WRONG_HOST', message: 'The portal does not answer under this name.' },
  notFound: { status: 404, code: 'NOT_FOUND', message: 'There is nothing at this address.' },
  method: { status: 405, code: 'METHOD_NOT_ALLOWED', message: 'This address can only be read.' },
  tooLarge: { status: 413, code: 'TOO_LARGE', message: 'The request is too large.' },
  notASocket: { status: 400, code: 'BAD_REQUEST', message: 'There is no websocket at this address.' },
  starting: {
    status: 503,
    code: 'STARTING',
    message: 'This part of Beamdesk is starting or being restarted. Please try again in a moment.',
    retryAfter: 2,
  },
  broken: {
    status: 502,
    code: 'BAD_GATEWAY',
    message: 'This part of Beamdesk did not answer properly. Please try again; tell your facility if it stays so.',
  },
  late: {
    status: 504,
    code: 'GATEWAY_TIMEOUT',
    message: 'This part of Beamdesk takes too long to answer. Please try again.',
  },
} as const satisfies Record<string, Refusal>;

/** Headers of every answer that is ours. */
export function commonHeaders(publicUrl: URL): Record<string, string> {
  return {
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'same-origin',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    ...(publicUrl.protocol === 'https:' ? { 'Strict-Transport-Security': 'max-age=31536000' } : {}),
  };
}

/**
 * What the portal's pages may load: themselves. Scripts of our origin only; style elements only with this answer's nonce
 * (Angular adds them while it runs); the websockets of the one origin; pictures of the display as data and blobs.
 */
export function contentSecurityPolicy(publicUrl: URL, nonce: string): string {
  const sockets = `${publicUrl.protocol === 'https:' ? 'wss' : 'ws'}://${publicUrl.host}`;
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "media-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self' ${sockets}`,
    "manifest-src 'self'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Answers with the refusal: a small page where a browser goes to an address, ErrorBody JSON everywhere else. */
export function refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal, publicUrl: URL): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const page = request.method === 'GET' && (request.headers.accept ?? '').includes('text/html');
  const body = page ? pageOf(refusal, publicUrl) : JSON.stringify({ code: refusal.code, message: refusal.message });
  response.writeHead(refusal.status, {
    ...commonHeaders(publicUrl),
    'Content-Type': page ? 'text/html; charset=utf-8' : 'application/json',
    'Content-Length': Buffer.byteLength(body),
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
    'Cache-Control': 'no-store',
    ...(refusal.retryAfter ? { 'Retry-After': String(refusal.retryAfter) } : {}),
    // What is left of a request that we do not read must not be taken for the next one.
    ...(request.complete ? {} : { Connection: 'close' }),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

/** The same for a socket that asked to change protocols. */
export function refuseSocket(refusal: Refusal): string {
  const body = JSON.stringify({ code: refusal.code, message: refusal.message });
  return [
    `HTTP/1.1 ${refusal.status} ${refusal.code}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}

function pageOf({ message, retryAfter }: Refusal, publicUrl: URL): string {
  const again = retryAfter ? `<meta http-equiv="refresh" content="${retryAfter}">` : '';
  return (
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Beamdesk</title>${again}</head>` +
    `<body><h1>Beamdesk</h1><p>${message}</p><p><a href="${publicUrl.origin}/">${publicUrl.origin}</a></p></body></html>`
  );
}

import { request as ask } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { REFUSALS, refuseSocket } from './answers.ts';
import { endToEnd, flat, towardsBackend } from './headers.ts';
import type { Address } from './settings.ts';

const HANDSHAKE_WITHIN_MS = 15_000;

/**
 * Joins a client that asks for a websocket with a backend. After the backend's 101 both are a raw byte pipe: no frame is
 * looked at, either side's end or failure reaches the other, a slow side slows the other. Any other answer of the backend is
 * passed on and ends the connection, so that nothing can be smuggled behind it.
 */
export function joinSockets(request: IncomingMessage, client: Duplex, head: Buffer, to: Address, publicUrl: URL): void {
  client.on('error', () => client.destroy());
  const headers = towardsBackend(request.rawHeaders, request.headers.connection, {
    publicUrl,
    client: request.socket.remoteAddress,
  });
  headers.push(['Connection', 'Upgrade'], ['Upgrade', 'websocket']);
  const upstream = ask({
    // One direction may end while the other goes on.
    createConnection: () => connect({ host: to.host, port: to.port, allowHalfOpen: true }),
    path: request.url,
    headers: flat(headers),
    setHost: false,
  });
  const timer = setTimeout(() => upstream.destroy(new Error('late')), HANDSHAKE_WITHIN_MS);
  upstream.once('close', () => clearTimeout(timer));
  client.once('close', () => upstream.destroy());
  upstream.once('upgrade', (answer, server: Socket, serverHead) => {
    clearTimeout(timer);
    if (client.destroyed) {
      server.destroy();
      return;
    }
    client.write(headOf(answer, ['Connection: Upgrade', 'Upgrade: websocket']));
    if (serverHead.length > 0) client.write(serverHead);
    if (head.length > 0) server.write(head);
    pipeBothWays(client, server);
  });
  upstream.once('response', (answer) => {
    client.write(headOf(answer, ['Connection: close']));
    answer.pipe(client);
    answer.once('error', () => client.destroy());
  });
  upstream.once('error', (error: NodeJS.ErrnoException) => {
    if (client.writable) client.end(refuseSocket(error.code === 'ECONNREFUSED' ? REFUSALS.starting : REFUSALS.broken));
  });
  upstream.end();
}

function pipeBothWays(client: Duplex, server: Socket): void {
  server.setNoDelay(true);
  server.setTimeout(0);
  if ('setNoDelay' in client) (client as Socket).setNoDelay(true).setTimeout(0).setKeepAlive(true, 60_000);
  // `pipe` passes the end of one direction on and leaves the other open.
  client.pipe(server);
  server.pipe(client);
  server.on('error', () => client.destroy());
  client.once('close', () => server.destroy());
  server.once('close', () => client.destroy());
}

function headOf(answer: IncomingMessage, connection: string[]): string {
  const lines = endToEnd(answer.rawHeaders, answer.headers.connection).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}`, ...lines, ...connection, '', ''].join('\r\n');
}

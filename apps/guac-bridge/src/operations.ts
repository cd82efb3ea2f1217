import { createServer, IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { AddressInfo } from 'node:net';
import { Address } from './settings';

/** What operators ask a bridge. */
export interface Operations {
  readonly sessions: number;
  /** Stops: lives, but takes no new sessions. */
  readonly draining: boolean;
  /** Takes no new sessions for now, draining or not. */
  readonly full: boolean;
  /** The portal does not answer, so no session could be opened. */
  readonly portalAway: boolean;
  metrics(): string;
}

/**
 * Answers `GET /health` (200 as long as the process does its work), `/ready` (503 when a load balancer should send new
 * sessions elsewhere) and, where `withMetrics` says so, `/metrics`. None of them holds anything of a user's.
 */
export function answerOperations(bridge: Operations, withMetrics: boolean): RequestListener {
  return ({ url, method }: IncomingMessage, response: ServerResponse): void => {
    const known = method === 'GET' || method === 'HEAD';
    const status = bridge.draining ? 'draining' : bridge.full ? 'full' : bridge.portalAway ? 'portal-away' : 'ok';
    const answer = (code: number, type: string, body: string): void => {
      response.writeHead(code, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
    };
    const state = JSON.stringify({ status, sessions: bridge.sessions });
    if (known && url === '/health') {
      answer(200, 'application/json', state);
    } else if (known && url === '/ready') {
      answer(status === 'ok' ? 200 : 503, 'application/json', state);
    } else if (known && withMetrics && url === '/metrics') {
      answer(200, 'text/plain; version=0.0.4; charset=utf-8', bridge.metrics());
    } else {
      response.writeHead(404).end();
    }
  };
}

/** A listener with timeouts against clients that never finish a request. */
export function httpServer(answer: RequestListener): Server {
  return createServer({ headersTimeout: 10_000, requestTimeout: 10_000 }, answer);
}

/** Starts listening; port 0 takes a free one. Resolves to the address. Rejects where it cannot listen. */
export function listenOn(server: Server, { host, port }: Address): Promise<Address> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve({ host, port: (server.address() as AddressInfo).port });
    });
  });
}

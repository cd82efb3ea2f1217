import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import { REFUSALS, refuse, refuseSocket } from './answers.ts';
import { pathOf, route, socketRoute } from './path-table.ts';
import { joinSockets } from './pipe.ts';
import { pass } from './proxy.ts';
import { serveStatic } from './serve-static.ts';
import type { FrontSettings } from './settings.ts';
import type { StaticFile } from './static-files.ts';

/** One request that was answered, for the log: never its query, which may hold a ticket or a code. */
export interface RequestLine {
  method: string;
  path: string;
  status: number;
  ms: number;
}

/** The server of the one origin: path table, Host check, limits against slow and large clients. */
export function createFront(settings: FrontSettings, files: Map<string, StaticFile>, log: (line: RequestLine) => void): Server {
  const { publicUrl, backends } = settings;
  const server = createServer({
    maxHeaderSize: 16 * 1024,
    headersTimeout: 10_000,
    // Files take as long as they take; the proxy sees to the bodies of all other requests.
    requestTimeout: 0,
    keepAliveTimeout: 65_000,
    connectionsCheckingInterval: 2_000,
    requireHostHeader: true,
  });
  server.maxConnections = 4096;
  server.maxHeadersCount = 100;

  server.on('request', (request, response) => {
    const started = performance.now();
    const target = request.url ?? '';
    response.once('close', () => log(lineOf(request, response.statusCode, performance.now() - started)));
    if (!isOurs(request, publicUrl)) return refuse(request, response, REFUSALS.wrongHost, publicUrl);
    const where = route(target);
    if (where.to === 'refused') return refuse(request, response, REFUSALS.badPath, publicUrl);
    if (where.to === 'backend') return pass(request, response, backends[where.backend], publicUrl);
    void serveStatic(request, response, where.path, files, publicUrl);
  });

  server.on('upgrade', (request, socket, head) => {
    const backend = socketRoute(request.url ?? '');
    const refusal = !isOurs(request, publicUrl) ? REFUSALS.wrongHost : backend === null || !isWebsocket(request) ? REFUSALS.notASocket : null;
    log(lineOf(request, refusal?.status ?? 101, 0));
    if (refusal || !backend) {
      socket.on('error', () => socket.destroy());
      socket.end(refuseSocket(refusal ?? REFUSALS.notASocket));
      return;
    }
    joinSockets(request, socket, head, backends[backend], publicUrl);
  });

  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
    const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
    socket.end(refuseSocket({ status, code: 'BAD_REQUEST', message: 'The request is not well formed or too slow.' }));
  });
  return server;
}

/** Only the public name is answered: a page of another name that resolves to us must not get in (DNS rebinding). */
function isOurs(request: IncomingMessage, publicUrl: URL): boolean {
  return (request.headers.host ?? '').toLowerCase() === publicUrl.host;
}

function isWebsocket(request: IncomingMessage): boolean {
  return request.method === 'GET' && request.headers.upgrade?.toLowerCase() === 'websocket';
}

function lineOf(request: IncomingMessage, status: number, ms: number): RequestLine {
  const path = pathOf(request.url ?? '') ?? '(refused)';
  // The demo provider names a sign-in under way in its path, which is as good as its cookie.
  const shown = path.replace(/^(\/oidc\/[^/]*)\/.*$/, '$1/…');
  return { method: request.method ?? '', path: shown, status, ms: Math.round(ms) };
}

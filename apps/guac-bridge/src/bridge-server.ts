import { SessionClosing } from '@beamdesk/contracts';
import { createServer, IncomingMessage, Server, ServerResponse } from 'node:http';
import { AddressInfo } from 'node:net';
import { Duplex } from 'node:stream';
import { Logger } from 'pino';
import { WebSocketServer } from 'ws';
import { readConnectRequest, refuseUpgrade } from './connect-request';
import { GUACAMOLE_STATUS } from './guacd/guacamole-status';
import { LIMITS } from './limits';
import { SessionOpener } from './session-opener';
import { Address, Settings } from './settings';
import { Tunnel } from './tunnel';

const REFUSALS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  503: 'Service Unavailable',
};

/**
 * The listener: `GET /health`, and the websocket at `/desktop` (subprotocol `guacamole`, no compression). Counts
 * sessions, keeps their clock with one timer for all, and lets them go in order when the process is to stop.
 */
export class BridgeServer {
  private readonly http: Server;
  private readonly sockets: WebSocketServer;
  private readonly tunnels = new Set<Tunnel>();
  private readonly clock: NodeJS.Timeout;
  private draining = false;

  constructor(
    private readonly settings: Pick<Settings, 'origin' | 'maxSessions'>,
    private readonly opener: SessionOpener,
    private readonly log: Logger,
  ) {
    this.http = createServer({ headersTimeout: 10_000, requestTimeout: 10_000 }, (request, response) =>
      this.answer(request, response),
    );
    this.sockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      autoPong: false,
      maxPayload: LIMITS.payloadBytes,
      handleProtocols: () => 'guacamole',
    });
    this.http.on('upgrade', (request, socket, head) => this.upgrade(request, socket, head));
    this.clock = setInterval(() => this.tick(), LIMITS.housekeeping);
  }

  /** Starts listening; port 0 takes a free one. Returns the address. Rejects where it cannot listen. */
  listen({ host, port }: Address): Promise<Address> {
    return new Promise((resolve, reject) => {
      this.http.once('error', reject);
      this.http.listen(port, host, () => {
        this.http.off('error', reject);
        resolve({ host, port: (this.http.address() as AddressInfo).port });
      });
    });
  }

  /** Ends a session because the portal says so; one that is not here is no concern. */
  endSession({ sessionId, status, code }: SessionClosing): void {
    for (const tunnel of this.tunnels) {
      if (tunnel.sessionId === sessionId) {
        tunnel.end({ status, reason: code });
      }
    }
  }

  /** Takes no new sessions, tells the live ones to move (they reconnect), and waits until the portal knows. */
  async close(): Promise<void> {
    this.draining = true;
    clearInterval(this.clock);
    this.http.close();
    const leaving = [...this.tunnels];
    leaving.forEach((tunnel) => tunnel.end({ status: GUACAMOLE_STATUS.UPSTREAM_UNAVAILABLE, reason: 'BRIDGE_STOPS' }));
    const patience = new Promise((resolve) => setTimeout(resolve, LIMITS.draining).unref());
    await Promise.race([Promise.all(leaving.map((tunnel) => tunnel.finished)), patience]);
  }

  private answer({ url, method }: IncomingMessage, response: ServerResponse): void {
    if (url !== '/health' || (method !== 'GET' && method !== 'HEAD')) {
      response.writeHead(404).end();
      return;
    }
    const body = JSON.stringify({ status: this.draining ? 'draining' : 'ok', sessions: this.tunnels.size });
    response.writeHead(this.draining ? 503 : 200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(body);
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const refusal = refuseUpgrade(request, this.settings.origin) ?? (this.full ? 503 : null);
    if (refusal !== null) {
      this.log.warn({ refusal }, 'upgrade refused');
      socket.end(`HTTP/1.1 ${refusal} ${REFUSALS[refusal]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    this.sockets.handleUpgrade(request, socket, head, (websocket) => {
      const tunnel = new Tunnel(websocket, this.opener, this.log, (over) => this.tunnels.delete(over));
      this.tunnels.add(tunnel);
      const wish = readConnectRequest(request);
      if (wish === 'missing-ticket') {
        tunnel.end({ status: GUACAMOLE_STATUS.CLIENT_UNAUTHORIZED, reason: 'NO_TICKET' });
      } else if (wish === 'bad-query') {
        tunnel.end({ status: GUACAMOLE_STATUS.CLIENT_BAD_REQUEST, reason: 'BAD_QUERY' });
      } else {
        void tunnel.open(wish);
      }
    });
  }

  private get full(): boolean {
    if (this.draining || this.tunnels.size >= this.settings.maxSessions) {
      return true;
    }
    let pending = 0;
    for (const tunnel of this.tunnels) {
      pending += tunnel.sessionId === null ? 1 : 0;
    }
    return pending >= LIMITS.pendingConnections;
  }

  private tick(): void {
    const now = Date.now();
    this.tunnels.forEach((tunnel) => tunnel.tick(now));
  }
}

import { SessionClosing } from '@beamdesk/contracts';
import { IncomingMessage, Server } from 'node:http';
import { Duplex } from 'node:stream';
import { Logger } from 'pino';
import { WebSocket, WebSocketServer } from 'ws';
import { readConnectRequest, refuseUpgrade } from './connect-request';
import { closeCodeOf, Ending, GUACAMOLE_STATUS } from './guacd/guacamole-status';
import { GuacdPool } from './guacd/guacd-pool';
import { LIMITS } from './limits';
import { Metrics } from './metrics';
import { answerOperations, httpServer, listenOn, Operations } from './operations';
import { SessionOpener } from './session-opener';
import { Address, Settings } from './settings';
import { Tunnel } from './tunnel';
import { TunnelWatcher } from './tunnel-watcher';

const REFUSALS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  503: 'Service Unavailable',
};

/** On which the page comes back at once, to another bridge or to the next one here. */
const STOPS: Ending = { status: GUACAMOLE_STATUS.UPSTREAM_UNAVAILABLE, reason: 'BRIDGE_STOPS' };

/**
 * The listener: what operators ask, and the websocket at `/desktop` (subprotocol `guacamole`, no compression). Counts
 * sessions, keeps their clock with one timer for all, and lets them go in order when the process is to stop.
 */
export class BridgeServer implements Operations, TunnelWatcher {
  private readonly http: Server;
  private readonly sockets: WebSocketServer;
  private readonly tunnels = new Set<Tunnel>();
  private readonly clock: NodeJS.Timeout;
  private readonly metricsOfSessions = new Metrics();
  private readonly connected = new Set<WebSocket>();
  private stopping = false;
  /** Set by whoever listens to the portal. */
  hearsPortal: () => boolean = () => true;

  constructor(
    private readonly settings: Pick<Settings, 'origin' | 'maxSessions' | 'metricsListen'>,
    private readonly opener: SessionOpener,
    private readonly guacds: GuacdPool,
    private readonly log: Logger,
  ) {
    this.http = httpServer(answerOperations(this, settings.metricsListen === null));
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
  listen(address: Address): Promise<Address> {
    return listenOn(this.http, address);
  }

  get sessions(): number {
    return this.tunnels.size;
  }

  get portalAway(): boolean {
    return !this.hearsPortal();
  }

  get draining(): boolean {
    return this.stopping;
  }

  /** Ends a session because the portal says so; one that is not here is no concern. */
  endSession({ sessionId, status, code }: SessionClosing): void {
    for (const tunnel of this.tunnels) {
      if (tunnel.sessionId === sessionId) {
        tunnel.end({ status, reason: code });
      }
    }
  }

  /**
   * Takes no new sessions, tells the live ones and those that still come to move (they reconnect), and waits until their
   * browsers are gone and the portal knows, but not for ever.
   */
  async close(): Promise<void> {
    this.stopping = true;
    clearInterval(this.clock);
    const leaving = [...this.tunnels];
    leaving.forEach((tunnel) => tunnel.end(STOPS));
    const gone = [...this.connected].map((websocket) => new Promise((resolve) => websocket.once('close', resolve)));
    const patience = new Promise((resolve) => setTimeout(resolve, LIMITS.draining).unref());
    await Promise.race([Promise.all([...gone, ...leaving.map((tunnel) => tunnel.finished)]), patience]);
    this.http.close();
    this.connected.forEach((websocket) => websocket.terminate());
  }

  metrics(): string {
    const sum = (figure: (tunnel: Tunnel) => number): number =>
      [...this.tunnels].reduce((total, tunnel) => total + figure(tunnel), 0);
    return this.metricsOfSessions.text({
      sessions: this.sessions,
      draining: this.draining,
      bytesToClient: sum(({ traffic }) => traffic.bytesToClient),
      bytesFromClient: sum(({ traffic }) => traffic.bytesFromClient),
      guacds: this.guacds.load,
    });
  }

  tunnelOpened(seconds: number): void {
    this.metricsOfSessions.opened(seconds);
  }

  tunnelEnded(tunnel: Tunnel, { status, reason }: Ending): void {
    this.tunnels.delete(tunnel);
    this.metricsOfSessions.ended(closeCodeOf(status), reason, tunnel.traffic);
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const refusal = refuseUpgrade(request, this.settings.origin) ?? (this.full && !this.stopping ? 503 : null);
    if (refusal !== null) {
      this.log.warn({ refusal }, 'upgrade refused');
      socket.end(`HTTP/1.1 ${refusal} ${REFUSALS[refusal]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    this.sockets.handleUpgrade(request, socket, head, (websocket) => {
      this.connected.add(websocket);
      websocket.once('close', () => this.connected.delete(websocket));
      const tunnel = new Tunnel({ websocket, wire: socket }, this.opener, this.log, this);
      this.tunnels.add(tunnel);
      const wish = readConnectRequest(request);
      if (this.stopping) {
        tunnel.end(STOPS);
      } else if (wish === 'missing-ticket') {
        tunnel.end({ status: GUACAMOLE_STATUS.CLIENT_UNAUTHORIZED, reason: 'NO_TICKET' });
      } else if (wish === 'bad-query') {
        tunnel.end({ status: GUACAMOLE_STATUS.CLIENT_BAD_REQUEST, reason: 'BAD_QUERY' });
      } else {
        void tunnel.open(wish);
      }
    });
  }

  get full(): boolean {
    if (this.stopping || this.tunnels.size >= this.settings.maxSessions) {
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

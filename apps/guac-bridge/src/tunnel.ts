import { randomUUID } from 'node:crypto';
import { Logger } from 'pino';
import { BrowserListener, BrowserSocket, UpgradedSocket } from './browser-socket';
import { ClientInspector } from './client-inspector';
import { ConnectRequest } from './connect-request';
import { Deadline, due } from './deadline';
import { Ending, GUACAMOLE_STATUS, ProtocolViolation } from './guacd/guacamole-status';
import { GuacdSession, GuacdSessionListener } from './guacd/guacd-session';
import { encodeInstruction } from './guacd/instruction';
import { LIMITS } from './limits';
import { CONNECTION_GONE, GrantedSession, SessionOpener } from './session-opener';
import { Address } from './settings';
import { Traffic } from './traffic';
import { TunnelWatcher } from './tunnel-watcher';
import { SessionClipboard } from './vnc-clipboard/session-clipboard';

/**
 * One session: a browser's websocket on one side, guacd on the other. Asks the portal for the right to it, shakes hands
 * with guacd, then passes whole instructions both ways until either side, or the portal, ends it.
 */
export class Tunnel implements BrowserListener, GuacdSessionListener {
  private readonly browser: BrowserSocket;
  private inspector = new ClientInspector(true);
  private granted: GrantedSession | null = null;
  private guacd: GuacdSession | null = null;
  private address: Address | null = null;
  private clipboard: SessionClipboard | null = null;
  private ended: Ending | null = null;
  private deadline: Deadline | null;
  /** By what log lines are found here and at the portal. */
  private names: { session?: string; requestId?: string } = {};
  private heardAt = Date.now();
  private heard = false;
  private stalledSince: number | null = null;
  private readonly openedAt = performance.now();
  readonly traffic = new Traffic();
  private farewell: Promise<void> = Promise.resolve();

  constructor(
    socket: UpgradedSocket,
    private readonly opener: SessionOpener,
    private readonly log: Logger,
    private readonly watcher: TunnelWatcher,
  ) {
    this.browser = new BrowserSocket(socket, this);
    this.deadline = due(LIMITS.redeem, GUACAMOLE_STATUS.SERVER_ERROR, 'REDEEM_TIMEOUT');
    this.browser.send(encodeInstruction('', randomUUID()));
  }

  /** Id the portal gave the session; null until it has answered for the ticket. */
  get sessionId(): string | null {
    return this.granted?.sessionId ?? null;
  }

  /** Resolves when the portal knows that the session is over. */
  get finished(): Promise<void> {
    return this.farewell;
  }

  /** Goes all the way to a live session. Never rejects; what goes wrong ends the session. */
  async open(request: ConnectRequest): Promise<void> {
    const granted = await this.opener.grant(request);
    if ('status' in granted) {
      this.end(granted);
      return;
    }
    this.granted = granted;
    this.names = { session: granted.sessionId, requestId: granted.requestId };
    if (this.ended) {
      this.farewell = granted.lease.closed(this.traffic, this.ended.reason);
      return;
    }
    this.inspector = new ClientInspector(granted.readOnly);
    this.deadline = due(2 * LIMITS.reach, GUACAMOLE_STATUS.UPSTREAM_TIMEOUT, 'CONNECT_TIMEOUT');
    const guacd = await this.opener.connect(granted);
    if ('status' in guacd) {
      this.end(guacd);
      return;
    }
    if (this.ended) {
      guacd.socket.destroy();
      return;
    }
    this.deadline = granted.target
      ? due(LIMITS.handshake, GUACAMOLE_STATUS.UPSTREAM_TIMEOUT, 'HANDSHAKE_TIMEOUT')
      : due(LIMITS.joining, CONNECTION_GONE.status, CONNECTION_GONE.reason);
    this.address = guacd.address;
    this.guacd = new GuacdSession(guacd, granted.handshake, this);
  }

  /** Once a second: silence, stalls, deadlines and the renewal of the right to the session. */
  tick(now: number): void {
    if (this.ended) {
      return;
    }
    if (this.heard || this.stalledSince !== null) {
      this.heard = false;
      this.heardAt = now;
    }
    if (this.deadline && now > this.deadline.at) {
      this.end(this.deadline.ending);
    } else if (now - this.heardAt > LIMITS.browserSilence) {
      this.end({ status: GUACAMOLE_STATUS.CLIENT_TIMEOUT, reason: 'BROWSER_SILENT' });
    } else if (this.stalledSince !== null && now - this.stalledSince > LIMITS.guacdStall) {
      this.end({ status: GUACAMOLE_STATUS.UPSTREAM_TIMEOUT, reason: 'GUACD_STALLED' });
    } else if (this.granted?.lease.isDue(now)) {
      void this.granted.lease.renew(now, this.traffic).then((ending) => ending && this.end(ending));
    }
  }

  /** Ends the session, on both sides and at the portal. Only the first call counts. */
  end(ending: Ending): void {
    if (this.ended) {
      return;
    }
    this.ended = ending;
    this.clipboard?.close();
    this.guacd?.finish();
    this.browser.close(ending);
    const { bytesToClient, bytesFromClient } = this.traffic;
    this.log.info({ ...this.names, ...ending, bytesToClient, bytesFromClient }, 'session ended');
    if (this.granted) {
      this.farewell = this.granted.lease.closed(this.traffic, ending.reason);
    }
    this.watcher.tunnelEnded(this, ending);
  }

  browserFrame(frame: Buffer): void {
    if (this.ended) {
      return;
    }
    this.heard = true;
    try {
      const { forward, pings, input, streamed } = this.inspector.inspect(frame);
      pings.forEach((ping) => this.browser.answer(ping));
      if (forward.length > 0 && this.guacd?.ready) {
        this.clipboard?.fromBrowser(streamed);
        this.forward(forward, input);
      }
    } catch (error) {
      if (!(error instanceof ProtocolViolation)) {
        throw error;
      }
      this.end(error.ending);
    }
  }

  browserFull(): void {
    this.guacd?.pause();
  }

  browserDrained(): void {
    this.guacd?.resume();
    this.clipboard?.browserDrained();
  }

  browserViolation(ending: Ending): void {
    this.end(ending);
  }

  browserClosed(): void {
    this.end({ status: GUACAMOLE_STATUS.SUCCESS, reason: 'BROWSER_CLOSED' });
  }

  guacdReady(connectionId: string): void {
    this.watcher.tunnelOpened((performance.now() - this.openedAt) / 1000);
    if (this.granted && this.address) {
      const { lease, target, clipboard, firstPicture } = this.granted;
      this.deadline = due(firstPicture, GUACAMOLE_STATUS.UPSTREAM_TIMEOUT, 'NO_PICTURE');
      void lease.opened({ guacd: this.address, connectionId });
      const log = this.log.child(this.names);
      this.clipboard = clipboard && new SessionClipboard(clipboard, this.browser, this.traffic, log);
      this.log.info({ ...this.names, joined: target === null }, 'session open');
    }
  }

  guacdFrames(frames: readonly Buffer[]): void {
    frames.forEach(({ length }) => this.traffic.sent(length));
    this.browser.sendAll(frames);
  }

  guacdPicture(): void {
    this.deadline = null;
  }

  guacdDrained(): void {
    this.stalledSince = null;
    this.browser.resume();
  }

  guacdEnded(ending: Ending): void {
    const joining = this.granted?.target === null && !this.guacd?.ready;
    this.end(joining ? CONNECTION_GONE : ending);
  }

  private forward(instructions: Buffer, input: boolean): void {
    this.traffic.received(instructions.length, input);
    if (this.guacd && !this.guacd.send(instructions) && this.stalledSince === null) {
      this.stalledSince = Date.now();
      this.browser.pause();
    }
  }
}

import { Duplex } from 'node:stream';
import { RawData, WebSocket } from 'ws';
import { closeCodeOf, Ending, GUACAMOLE_STATUS } from './guacd/guacamole-status';
import { FRAMES } from './guacd/instruction-framer';
import { LIMITS } from './limits';
import { TokenBucket } from './token-bucket';

const TEXT = { binary: false, compress: false } as const;

/** A websocket, and the connection below it. */
export interface UpgradedSocket {
  readonly websocket: WebSocket;
  readonly wire: Duplex;
}

/** Who hears a browser. */
export interface BrowserListener {
  browserFrame(frame: Buffer): void;
  /** More is waiting for the browser than it should: send nothing until `browserDrained`. */
  browserFull(): void;
  browserDrained(): void;
  /** The browser broke a rule of the websocket itself. */
  browserViolation(ending: Ending): void;
  browserClosed(): void;
}

/** The websocket of one browser, as far as it is not about Guacamole: text frames, buffering, ping limit, closing. */
export class BrowserSocket {
  private overfull = false;
  private readonly pings: TokenBucket;
  private readonly socket: WebSocket;
  private readonly wire: Duplex;

  constructor(
    { websocket: socket, wire }: UpgradedSocket,
    private readonly listener: BrowserListener,
  ) {
    this.socket = socket;
    this.wire = wire;
    this.pings = new TokenBucket(LIMITS.pingsPerSecond, LIMITS.pingBurst, Date.now());
    socket.on('message', (data, binary) => this.receive(data, binary));
    socket.on('ping', (data) => this.allowPing() && socket.pong(data));
    socket.on('error', () => socket.terminate());
    socket.on('close', () => listener.browserClosed());
  }

  /** True from `browserFull` to `browserDrained`. */
  get full(): boolean {
    return this.overfull;
  }

  send(frame: Buffer | string): void {
    if (this.socket.readyState !== WebSocket.OPEN) {
      return;
    }
    this.socket.send(frame, TEXT, () => this.sent(frame));
    this.noticeFull();
  }

  /** Sends frames in one go: a single call of the system, however many there are. */
  sendAll(frames: readonly Buffer[]): void {
    if (frames.length === 1) {
      this.send(frames[0]);
      return;
    }
    if (this.socket.readyState !== WebSocket.OPEN) {
      return;
    }
    this.wire.cork();
    frames.forEach((frame) => this.socket.send(frame, TEXT, () => this.sent(frame)));
    this.wire.uncork();
    this.noticeFull();
  }

  private noticeFull(): void {
    if (!this.overfull && this.socket.bufferedAmount > LIMITS.browserBufferHigh) {
      this.overfull = true;
      this.listener.browserFull();
    }
  }

  /** Answers a ping of the tunnel with itself, unless there are too many. */
  answer(ping: Buffer): void {
    if (this.allowPing()) {
      this.send(ping);
    }
  }

  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  /** Closes with the code and the decimal reason that guacamole-common-js reads. */
  close({ status }: Ending): void {
    this.socket.resume();
    this.socket.close(closeCodeOf(status), String(status));
    setTimeout(() => this.socket.terminate(), LIMITS.closing).unref();
  }

  private sent(frame: Buffer | string): void {
    if (typeof frame !== 'string') {
      FRAMES.give(frame);
    }
    if (this.overfull && this.socket.bufferedAmount <= LIMITS.browserBufferLow) {
      this.overfull = false;
      this.listener.browserDrained();
    }
  }

  private receive(data: RawData, binary: boolean): void {
    if (this.socket.readyState !== WebSocket.OPEN) {
      return;
    }
    if (binary) {
      this.listener.browserViolation({ status: GUACAMOLE_STATUS.CLIENT_BAD_TYPE, reason: 'BINARY_FRAME' });
    } else if ((data as Buffer).length > LIMITS.frameBytes) {
      this.listener.browserViolation({ status: GUACAMOLE_STATUS.CLIENT_OVERRUN, reason: 'FRAME_TOO_LONG' });
    } else {
      this.listener.browserFrame(data as Buffer);
    }
  }

  private allowPing(): boolean {
    const allowed = this.pings.take(Date.now());
    if (!allowed) {
      this.listener.browserViolation({ status: GUACAMOLE_STATUS.CLIENT_TOO_MANY, reason: 'PING_FLOOD' });
    }
    return allowed;
  }
}

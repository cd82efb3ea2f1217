import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/**
 * A TCP relay to a port of this machine that can become a bad network: cut (what is open breaks, what is new is refused)
 * or frozen (nothing passes and nobody is told, as with a lost radio link).
 */
export class BadNetwork {
  private readonly server = createServer({ allowHalfOpen: true }, (near) => this.take(near));
  private readonly lines = new Set<Line>();
  private readonly to: number;
  private frozen = false;
  private own = 0;

  private constructor(to: number) {
    this.to = to;
  }

  static async before(port: number): Promise<BadNetwork> {
    const network = new BadNetwork(port);
    await network.listen();
    return network;
  }

  /** Where it listens, on 127.0.0.1. */
  get port(): number {
    return this.own;
  }

  /** Connections that stand, or are held. */
  get open(): number {
    return this.lines.size;
  }

  /** Arguments of a Chromium that reaches the port behind under its own name, but through here. */
  get browserArguments(): string[] {
    return [`--host-resolver-rules=MAP localhost:${this.to} 127.0.0.1:${this.own}`];
  }

  cut(): void {
    this.server.close();
    this.lines.forEach((line) => line.drop());
  }

  /** Bytes wait until `mend`; so do new connections, which are taken but lead nowhere. */
  freeze(): void {
    this.frozen = true;
    this.lines.forEach((line) => line.hold());
  }

  async mend(): Promise<void> {
    this.frozen = false;
    this.lines.forEach((line) => line.flow());
    if (!this.server.listening) await this.listen();
  }

  close(): void {
    this.cut();
  }

  private listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(this.own, '127.0.0.1', () => {
        this.server.off('error', reject);
        this.own = (this.server.address() as AddressInfo).port;
        resolve();
      });
    });
  }

  private take(near: Socket): void {
    const line = new Line(near, this.to, () => this.lines.delete(line));
    this.lines.add(line);
    if (!this.frozen) line.flow();
  }
}

/** One connection through the relay. */
class Line {
  private readonly near: Socket;
  private readonly to: number;
  private readonly onEnd: () => void;
  private far: Socket | null = null;
  private held = true;

  constructor(near: Socket, to: number, onEnd: () => void) {
    this.near = near;
    this.to = to;
    this.onEnd = onEnd;
    this.watch(near.setNoDelay(true));
  }

  flow(): void {
    if (!this.held) return;
    this.held = false;
    const far = (this.far ??= this.watch(
      connect({ port: this.to, host: '127.0.0.1', allowHalfOpen: true, noDelay: true }),
    ));
    // One end broke while nothing passed: the other hears of it only now.
    if (this.near.destroyed || far.destroyed) return this.drop();
    this.near.pipe(far);
    far.pipe(this.near);
  }

  hold(): void {
    this.held = true;
    this.near.unpipe().pause();
    this.far?.unpipe().pause();
  }

  drop(): void {
    this.held = false;
    this.near.resetAndDestroy();
    this.far?.destroy();
    this.onEnd();
  }

  private watch(socket: Socket): Socket {
    // 'close' follows.
    socket.on('error', () => undefined);
    return socket.once('close', () => this.held || this.drop());
  }
}

import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { instruction } from './workload.ts';

/** What the fake does once a session is ready. */
export type Behaviour =
  | { readonly kind: 'idle' }
  | { readonly kind: 'echo' }
  /** Sends the block over and over, as fast as it is taken; ends with `last` after so many. */
  | { readonly kind: 'flood'; readonly block: Buffer; readonly times: number; readonly last: string };

const KEEP_ALIVE_MS = 4_000;
const NOP = instruction('nop');
const ARGS = instruction('args', 'VERSION_1_3_0', 'hostname', 'port', 'read-only', 'password');
/** The bridge waits for a picture on the default layer. */
const READY = [
  instruction('ready', '$bench'),
  instruction('img', '1', '14', '0', 'image/png', '0', '0'),
  instruction('end', '1'),
].join('');

/** guacd for benchmarks: reads next to nothing, so that it costs next to nothing. */
export class BenchGuacd {
  behaviour: Behaviour = { kind: 'idle' };
  private readonly sessions = new Set<Socket>();
  private readonly server: Server;
  private readonly keepAlive: NodeJS.Timeout;

  private constructor() {
    this.server = createServer({ noDelay: true }, (socket) => this.accept(socket));
    this.keepAlive = setInterval(() => this.sessions.forEach((socket) => socket.write(NOP)), KEEP_ALIVE_MS);
  }

  static async start(): Promise<BenchGuacd> {
    const guacd = new BenchGuacd();
    await new Promise<void>((resolve) => guacd.server.listen(0, '127.0.0.1', 4096, resolve));
    return guacd;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Sessions that are ready and not over. */
  get live(): number {
    return this.sessions.size;
  }

  stop(): void {
    clearInterval(this.keepAlive);
    this.sessions.forEach((socket) => socket.destroy());
    this.server.close();
  }

  private accept(socket: Socket): void {
    const { behaviour } = this;
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.sessions.delete(socket));
    let heard = '';
    const shakeHands = (piece: Buffer): void => {
      const before = heard;
      heard += piece.toString('latin1');
      if (!before.includes('6.select') && heard.includes('6.select')) {
        socket.write(ARGS);
      }
      // The last of the handshake, in whatever pieces it comes.
      if (heard.includes('7.connect') && heard.endsWith(';')) {
        socket.off('data', shakeHands);
        this.begin(socket, behaviour);
      }
    };
    socket.on('data', shakeHands);
  }

  private begin(socket: Socket, behaviour: Behaviour): void {
    socket.write(READY);
    if (behaviour.kind === 'echo') {
      socket.on('data', (piece) => socket.write(piece));
      return;
    }
    socket.resume();
    if (behaviour.kind === 'idle') {
      this.sessions.add(socket);
    } else {
      flood(socket, behaviour);
    }
  }
}

function flood(socket: Socket, { block, times, last }: Extract<Behaviour, { kind: 'flood' }>): void {
  let left = times;
  const pump = (): void => {
    let taken = true;
    while (taken && left > 0 && !socket.destroyed) {
      left--;
      taken = socket.write(block);
    }
    if (left > 0) {
      socket.once('drain', pump);
    } else {
      socket.write(last);
    }
  };
  pump();
}

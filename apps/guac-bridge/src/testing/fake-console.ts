import { AddressInfo, createServer, Server, Socket } from 'node:net';
import { deflateSync } from 'node:zlib';
import { ByteReader } from '../vnc-clipboard/byte-reader';
import { FLAG } from '../vnc-clipboard/extended-clipboard';
import { answerChallenge } from '../vnc-clipboard/vnc-authentication';

const VERSION = 'RFB 003.008\n';
const CHALLENGE = Buffer.from('0123456789abcdef');
const CAPS = FLAG.CAPS | FLAG.REQUEST | FLAG.NOTIFY | FLAG.PROVIDE | FLAG.TEXT;

/** A ServerCutText of the extended clipboard. */
export function serverCutText(flags: number, body: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt8(3, 0);
  head.writeInt32BE(-4 - body.length, 4);
  head.writeUInt32BE(flags, 8);
  return Buffer.concat([head, body]);
}

/** The body of a provide message with this text. */
export function provided(text: string, size = Buffer.byteLength(text)): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(size);
  return deflateSync(Buffer.concat([head, Buffer.from(text)]));
}

/** A VNC console with the extended clipboard and nothing to see, on a loopback port of its own. */
export class FakeConsole {
  /** Text the guest would give when asked. */
  text = '';
  /** Messages of clients after the handshake, as hex. */
  readonly received: string[] = [];
  readonly sockets = new Set<Socket>();
  connections = 0;

  private constructor(
    private readonly server: Server,
    private readonly password: string,
  ) {
    server.on('connection', (socket) => {
      this.connections++;
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
      socket.on('error', () => socket.destroy());
      this.serve(socket).catch(() => socket.destroy());
    });
  }

  static async start(password: string): Promise<FakeConsole> {
    const server = createServer();
    const fake = new FakeConsole(server, password);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return fake;
  }

  get address(): { host: string; port: number } {
    return { host: '127.0.0.1', port: (this.server.address() as AddressInfo).port };
  }

  /** The guest copies something: everybody is told, who asks is given it. */
  copy(text: string): void {
    this.text = text;
    this.send(serverCutText(FLAG.NOTIFY | FLAG.TEXT));
  }

  send(bytes: Buffer): void {
    this.sockets.forEach((socket) => socket.write(bytes));
  }

  /** Drops whoever is connected. */
  cut(): void {
    this.sockets.forEach((socket) => socket.destroy());
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(socket: Socket): Promise<void> {
    const reader = new ByteReader(socket as AsyncIterable<Buffer>);
    socket.write(VERSION);
    await reader.skip(VERSION.length);
    socket.write(Buffer.of(1, 2));
    await reader.skip(1);
    socket.write(CHALLENGE);
    const right = (await reader.take(16)).equals(answerChallenge(CHALLENGE, this.password));
    socket.write(Buffer.of(0, 0, 0, right ? 0 : 1));
    if (!right) {
      socket.end();
      return;
    }
    this.received.push((await reader.take(1)).toString('hex'));
    socket.write(Buffer.concat([Buffer.alloc(20), Buffer.of(0, 0, 0, 2), Buffer.from('pc')]));
    this.received.push((await reader.take(8)).toString('hex'));
    const size = Buffer.alloc(4);
    socket.write(serverCutText(CAPS, size));
    for (;;) {
      const head = await reader.take(8);
      const body = await reader.take(-head.readInt32BE(4));
      this.received.push(Buffer.concat([head, body]).toString('hex'));
      if (body.readUInt32BE() & FLAG.REQUEST && body.length === 4) {
        socket.write(serverCutText(FLAG.PROVIDE | FLAG.TEXT, provided(this.text)));
      }
    }
  }
}

import { AddressInfo, createServer, Server, Socket } from 'node:net';
import { encodeInstruction } from '../guacd/instruction';
import { GUACD_LIMITS, InstructionWalker, parseInstruction } from '../guacd/instruction-parser';

const VNC_1_3 = ['VERSION_1_3_0', 'hostname', 'port', 'read-only', 'encodings', 'username', 'password', 'cursor'];

/** One connection the fake has accepted: what was said to it, and a hand to answer with. */
export class FakeGuacdPeer {
  readonly received: string[][] = [];
  private rest = Buffer.alloc(0);

  constructor(
    readonly socket: Socket,
    private readonly onInstruction: (peer: FakeGuacdPeer, instruction: string[]) => void,
  ) {
    socket.on('data', (piece) => this.receive(piece as Buffer));
    socket.on('error', () => socket.destroy());
  }

  /** Instructions with this opcode, in order. */
  with(opcode: string): string[][] {
    return this.received.filter(([name]) => name === opcode);
  }

  send(...elements: string[]): void {
    this.socket.write(encodeInstruction(...elements));
  }

  /** Sends every byte as a packet of its own. */
  async sendByteByByte(text: string): Promise<void> {
    for (const byte of Buffer.from(text)) {
      await new Promise<void>((resolve) => this.socket.write(Buffer.of(byte), () => setImmediate(resolve)));
    }
  }

  private receive(piece: Buffer): void {
    this.rest = Buffer.concat([this.rest, piece]);
    for (;;) {
      const end = new InstructionWalker(GUACD_LIMITS).next(this.rest, 0, false);
      if (end === -1) {
        return;
      }
      const instruction = parseInstruction(this.rest.subarray(0, end));
      this.rest = this.rest.subarray(end);
      this.received.push(instruction);
      this.onInstruction(this, instruction);
    }
  }
}

/** How the fake behaves; by default it shakes hands like guacd 1.3 and then says nothing. */
export interface FakeGuacdBehaviour {
  readonly args?: readonly string[];
  readonly byteByByte?: boolean;
  /** Replaces the answer to `select`. */
  readonly onSelect?: (peer: FakeGuacdPeer) => void;
  /** After `ready`. */
  readonly onReady?: (peer: FakeGuacdPeer) => void;
  /** Replaces the answer to `connect`. */
  readonly onConnect?: (peer: FakeGuacdPeer) => void;
}

/** guacd as far as a bridge sees it, on a loopback port of its own. */
export class FakeGuacd {
  readonly peers: FakeGuacdPeer[] = [];
  private constructor(
    private readonly server: Server,
    private readonly behaviour: FakeGuacdBehaviour,
  ) {
    server.on('connection', (socket) => {
      socket.setNoDelay(true);
      this.peers.push(new FakeGuacdPeer(socket, (peer, instruction) => this.react(peer, instruction)));
    });
  }

  static async start(
    behaviour: FakeGuacdBehaviour = {},
    { host, port } = { host: '127.0.0.1', port: 0 },
  ): Promise<FakeGuacd> {
    const server = createServer();
    const fake = new FakeGuacd(server, behaviour);
    await new Promise<void>((resolve) => server.listen(port, host, resolve));
    return fake;
  }

  get address(): { host: string; port: number } {
    return { host: '127.0.0.1', port: (this.server.address() as AddressInfo).port };
  }

  /** The latest connection that began a handshake (a mere check of the port says nothing). */
  get live(): FakeGuacdPeer | undefined {
    return this.peers.findLast((peer) => peer.with('select').length > 0);
  }

  async stop(): Promise<void> {
    this.peers.forEach(({ socket }) => socket.destroy());
    await new Promise((resolve) => this.server.close(resolve));
  }

  private react(peer: FakeGuacdPeer, [opcode]: string[]): void {
    if (opcode === 'select' && this.behaviour.onSelect) {
      this.behaviour.onSelect(peer);
    } else if (opcode === 'select') {
      void this.say(peer, encodeInstruction('args', ...(this.behaviour.args ?? VNC_1_3)));
    } else if (opcode === 'connect' && this.behaviour.onConnect) {
      this.behaviour.onConnect(peer);
    } else if (opcode === 'connect') {
      void this.say(peer, encodeInstruction('ready', '$fake-connection')).then(() => this.behaviour.onReady?.(peer));
    }
  }

  private async say(peer: FakeGuacdPeer, text: string): Promise<void> {
    if (this.behaviour.byteByByte) {
      await peer.sendByteByByte(text);
    } else {
      peer.socket.write(text);
    }
  }
}

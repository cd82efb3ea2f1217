import { WebSocket } from 'ws';
import { PictureWatch, readInstructions, writeInstruction } from './guacamole-instructions.ts';
import type { Instruction } from './guacamole-instructions.ts';

const PING_MS = 500;
const NOP_MS = 5_000;

export interface DesktopAddress {
  /** Origin of the portal, http://… */
  url: string;
  /** Path of the websocket, as the ticket says. */
  path: string;
  ticket: string;
  cookie: string;
}

/** When a desktop came, by `performance.now()`. */
export interface DesktopTimes {
  /** The websocket is open. */
  open: number;
  /** The first image on layer 0 is complete. */
  picture: number;
  /** guacd says that everything drawn so far belongs together; pages show the picture now. */
  frame: number;
}

/** The least a program does to see a desktop through the bridge: what guacamole-common-js sends, without drawing. */
export class GuacamoleClient {
  private readonly socket: WebSocket;
  private readonly watch = new PictureWatch();
  private readonly times: Partial<DesktopTimes> = {};
  private readonly timers: NodeJS.Timeout[] = [];
  private settle: (times: DesktopTimes) => void = () => undefined;
  private fail: (error: Error) => void = () => undefined;

  constructor({ url, path, ticket, cookie }: DesktopAddress) {
    const address = new URL(path, url.replace(/^http/, 'ws'));
    address.search = new URLSearchParams({ ticket, width: '1280', height: '800', dpi: '96' }).toString();
    this.socket = new WebSocket(address, 'guacamole', {
      headers: { Cookie: cookie },
      origin: url,
      perMessageDeflate: false,
    });
    this.socket.on('open', () => this.opened());
    this.socket.on('message', (data: Buffer) =>
      readInstructions(data.toString('utf8')).forEach((one) => this.take(one)),
    );
    this.socket.on('error', (error) => this.fail(error));
    this.socket.on('close', (code, reason) => {
      this.timers.forEach((timer) => clearInterval(timer));
      this.fail(new Error(`the desktop's connection ended: ${code} ${reason.toString()}`));
    });
  }

  /** Resolves with the first whole frame. @throws Error when the connection ends before, or it takes too long */
  firstFrame(withinMs: number): Promise<DesktopTimes> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no picture within ${withinMs} ms`)), withinMs);
      this.timers.push(timer);
      this.settle = resolve;
      this.fail = reject;
    });
  }

  /** As a page that is left. */
  async close(): Promise<void> {
    if (this.socket.readyState === WebSocket.CLOSED) return;
    const closed = new Promise((resolve) => this.socket.once('close', resolve));
    if (this.socket.readyState === WebSocket.OPEN) this.send('disconnect');
    this.socket.close();
    await closed;
  }

  private opened(): void {
    this.times.open = performance.now();
    this.timers.push(setInterval(() => this.send('', 'ping', String(Date.now())), PING_MS));
    this.timers.push(setInterval(() => this.send('nop'), NOP_MS));
  }

  private take(instruction: Instruction): void {
    const [opcode, first = ''] = instruction;
    if (this.watch.completes(instruction)) this.times.picture ??= performance.now();
    if (opcode === 'blob') this.send('ack', first, 'OK', '0');
    if (opcode === 'error') this.fail(new Error(`guacd: ${instruction.slice(1).join(' ')}`));
    if (opcode !== 'sync') return;
    const { open, picture } = this.times;
    if (open !== undefined && picture !== undefined && this.times.frame === undefined) {
      const frame = performance.now();
      this.times.frame = frame;
      this.settle({ open, picture, frame });
    }
    this.send('sync', first);
  }

  private send(...instruction: Instruction): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(writeInstruction(...instruction));
  }
}

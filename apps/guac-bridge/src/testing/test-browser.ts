import { WebSocket } from 'ws';
import { encodeInstruction } from '../guacd/instruction';
import { GUACD_LIMITS, instructionsOf, parseInstruction } from '../guacd/instruction-parser';

const PATIENCE = 15_000;

/** How a websocket was closed. */
export interface Closing {
  readonly code: number;
  readonly reason: string;
}

/** A browser as the bridge sees one: a websocket with the `guacamole` subprotocol that parses every frame alone. */
export class TestBrowser {
  readonly frames: string[][][] = [];
  readonly closed: Promise<Closing>;

  constructor(readonly socket: WebSocket) {
    socket.on('message', (data) => this.frames.push(parseFrame(data as Buffer)));
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) =>
      socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() })),
    );
  }

  /**
   * Opens a websocket; resolves also when the bridge then closes it at once. Rejects with the HTTP status if refused.
   */
  static open(url: string, origin: string, headers: Record<string, string> = {}): Promise<TestBrowser> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(url, 'guacamole', { origin, headers });
      const browser = new TestBrowser(socket);
      socket.once('open', () => resolve(browser));
      socket.once('error', reject);
      socket.once('unexpected-response', (_request, response) => {
        socket.terminate();
        reject(new Error(`HTTP ${response.statusCode}`));
      });
    });
  }

  get instructions(): string[][] {
    return this.frames.flat();
  }

  /** Waits for an instruction with this opcode. */
  async until(opcode: string): Promise<string[]> {
    return waitFor(() => this.instructions.find(([name]) => name === opcode), `instruction ${opcode}`);
  }

  /** Answers syncs and images as guacd demands of a client, and keeps the connection alive. */
  answerLikeAClient(): void {
    this.socket.on('message', (data) => {
      for (const [opcode, argument] of parseFrame(data as Buffer)) {
        if (opcode === 'sync') {
          this.send(encodeInstruction('sync', argument));
        } else if (opcode === 'img') {
          this.send(encodeInstruction('ack', argument, 'OK', '0'));
        }
      }
      this.send(encodeInstruction('nop'));
    });
  }

  send(text: string): void {
    this.socket.send(text);
  }
}

/** Polls until `probe` gives something. Rejects after 15 s, naming what was awaited. */
export async function waitFor<T>(probe: () => T | undefined | false | null, what: string): Promise<T> {
  const until = Date.now() + PATIENCE;
  for (;;) {
    const value = probe();
    if (value) {
      return value;
    }
    if (Date.now() > until) {
      throw new Error(`waited in vain for ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** As strict as guacamole-common-js: a frame that does not hold whole instructions throws. */
function parseFrame(frame: Buffer): string[][] {
  return Array.from(instructionsOf(frame, GUACD_LIMITS), ({ start, end }) =>
    parseInstruction(frame.subarray(start, end)),
  );
}

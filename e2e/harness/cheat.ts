import { WebSocket } from 'ws';
import { readInstructions } from './guacamole-instructions';
import type { PortalClient } from './portal-client';

/** How a connection ended: the websocket's code, and the Guacamole status that stands for its reason. */
export interface CloseSeen {
  code: number;
  reason: string;
}

/** A program with every right to a desktop that then says whatever it likes to the bridge. */
export class Cheat {
  readonly closed: Promise<CloseSeen>;

  private constructor(private readonly socket: WebSocket) {
    this.closed = new Promise((resolve) =>
      socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() })),
    );
    // A bridge that hangs up while it is shouted at breaks the pipe.
    socket.on('error', () => undefined);
  }

  /** Resolves once guacd speaks: from now on what a browser sends would reach it. */
  static enter(client: PortalClient, ticket: { ticket: string; path: string }): Promise<Cheat> {
    const address = new URL(ticket.path, client.url.replace(/^http/, 'ws'));
    address.search = new URLSearchParams({ ticket: ticket.ticket, width: '1280', height: '800' }).toString();
    const socket = new WebSocket(address, 'guacamole', { headers: { Cookie: client.cookie }, origin: client.url });
    const cheat = new Cheat(socket);
    return new Promise((resolve, reject) => {
      socket.on('message', (data: Buffer) => {
        if (readInstructions(data.toString('utf8')).some(([opcode]) => opcode === 'sync')) resolve(cheat);
      });
      void cheat.closed.then(({ code, reason }) => reject(new Error(`not let in: ${code} ${reason}`)));
    });
  }

  /** @throws Error when nobody hangs up in time */
  closedWithin(ms: number): Promise<CloseSeen> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`still connected after ${ms} ms`)), ms);
      void this.closed.then((seen) => {
        clearTimeout(timer);
        resolve(seen);
      });
    });
  }

  /** Sends frames as they are, text or bytes, without waiting. */
  send(...frames: (string | Buffer)[]): void {
    frames.forEach((frame) => this.socket.send(frame));
  }

  /** Sends pings of the websocket itself. */
  ping(count: number): void {
    for (let sent = 0; sent < count; sent++) this.socket.ping();
  }
}

import { connect } from 'node:net';
import { WebSocket } from 'ws';
import { instruction } from './workload.ts';

/** One end user: takes what comes, sends what it is told. */
export interface Client {
  /** What hears the next pieces: frames of a websocket, or whatever TCP gives. */
  heard: (piece: Buffer) => void;
  /** Hears how it ended, unless `close` was called. */
  lost: (why: string) => void;
  send(text: string): void;
  pause(): void;
  resume(): void;
  close(): void;
}

/** Where a client connects. */
export type Endpoint =
  | { readonly kind: 'tcp'; readonly port: number }
  /** `bare`: nobody in between shakes hands with guacd, so the client does. */
  | { readonly kind: 'websocket'; readonly url: string; readonly origin: string; readonly bare: boolean };

const HANDSHAKE = instruction('select', 'rdp') + instruction('connect', 'VERSION_1_3_0');

/** Resolves when connected; the session at guacd need not be ready then. */
export function open(endpoint: Endpoint): Promise<Client> {
  return endpoint.kind === 'tcp' ? openTcp(endpoint.port) : openWebSocket(endpoint);
}

function openTcp(port: number): Promise<Client> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    const client: Client = {
      heard: () => undefined,
      lost: () => undefined,
      send: (text) => void socket.write(text),
      pause: () => void socket.pause(),
      resume: () => void socket.resume(),
      close: () => {
        client.lost = () => undefined;
        socket.destroy();
      },
    };
    socket.once('error', reject);
    socket.on('error', (error) => client.lost(error.message));
    socket.on('close', () => client.lost('the connection was closed'));
    socket.on('data', (piece) => client.heard(piece));
    socket.once('connect', () => {
      socket.write(HANDSHAKE);
      resolve(client);
    });
  });
}

function openWebSocket({ url, origin, bare }: Extract<Endpoint, { kind: 'websocket' }>): Promise<Client> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, 'guacamole', { origin, perMessageDeflate: false, skipUTF8Validation: true });
    const client: Client = {
      heard: () => undefined,
      lost: () => undefined,
      send: (text) => socket.send(text),
      pause: () => socket.pause(),
      resume: () => socket.resume(),
      close: () => {
        client.lost = () => undefined;
        socket.terminate();
      },
    };
    socket.once('error', reject);
    socket.on('error', (error) => client.lost(error.message));
    socket.on('close', (code, reason) => client.lost(`the websocket was closed: ${code} ${reason.toString()}`));
    socket.on('message', (frame) => client.heard(frame as Buffer));
    socket.once('open', () => {
      if (bare) {
        socket.send(HANDSHAKE);
      }
      resolve(client);
    });
  });
}

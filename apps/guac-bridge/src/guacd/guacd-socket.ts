import { connect, Socket } from 'node:net';
import { Address } from '../settings';

/** As much as one read brings at most: fewer, larger reads and writes cost less. */
const PIECE_BYTES = 512 * 1024;
/** Every connection reads into the same memory, one after the other: an idle one holds none. */
const memory = Buffer.allocUnsafeSlow(PIECE_BYTES);

/** A connection to guacd that stands. */
export interface GuacdSocket {
  readonly socket: Socket;
  readonly address: Address;
  /** Hears what guacd sends. The piece is valid until it returns: copy what has to stay. */
  onPiece: (piece: Buffer) => void;
}

/** Connects to guacd. Rejects with the socket's error, or ETIMEDOUT. */
export async function connectToGuacd(address: Address, timeoutMs: number): Promise<GuacdSocket> {
  const hear = { onPiece: (_piece: Buffer): void => undefined };
  const callback = (bytes: number): boolean => {
    hear.onPiece(memory.subarray(0, bytes));
    return true;
  };
  const socket = await connectTo(address, timeoutMs, { buffer: memory, callback });
  return Object.assign(hear, { socket, address });
}

/** A TCP connection that resolves when it stands. Rejects with the socket's error, or ETIMEDOUT. */
export function connectTo(
  { host, port }: Address,
  timeoutMs: number,
  onread?: { buffer: Buffer; callback: (bytes: number) => boolean },
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true, ...(onread && { onread }) });
    const giveUp = setTimeout(
      () => socket.destroy(Object.assign(new Error('connect timed out'), { code: 'ETIMEDOUT' })),
      timeoutMs,
    );
    socket.once('error', (error) => {
      clearTimeout(giveUp);
      reject(error);
    });
    socket.once('connect', () => {
      clearTimeout(giveUp);
      socket.removeAllListeners('error');
      resolve(socket);
    });
  });
}

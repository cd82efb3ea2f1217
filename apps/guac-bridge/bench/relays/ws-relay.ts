/**
 * The least that a browser could live with: TCP to websocket frames of whole instructions (ASCII only), back-pressure,
 * and nothing else: no ticket, no handshake, no inspection. `GUACD_PORT` is its target.
 */
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';

const HIGH = 256 * 1024;
const LOW = 64 * 1024;
const DOT = 0x2e;
const SEMICOLON = 0x3b;
const port = Number(process.env['GUACD_PORT']);

const server = new WebSocketServer({ port: 0, host: '127.0.0.1', backlog: 4096, perMessageDeflate: false });
server.on('connection', relay);
server.on('listening', () => {
  process.stdout.write(`${JSON.stringify({ port: (server.address() as AddressInfo).port })}\n`);
});

function relay(browser: WebSocket): void {
  const guacd = connect({ host: '127.0.0.1', port, noDelay: true });
  let rest = Buffer.alloc(0);
  const sent = () => browser.bufferedAmount <= LOW && guacd.isPaused() && guacd.resume();
  guacd.on('data', (piece) => {
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    const end = endOfLast(bytes);
    rest = bytes.subarray(end);
    if (end > 0) browser.send(bytes.subarray(0, end), { binary: false }, sent);
    if (browser.bufferedAmount > HIGH) guacd.pause();
  });
  guacd.on('error', () => browser.terminate()).on('close', () => browser.close());
  browser.on('message', (frame) => guacd.write(frame as Buffer));
  browser.on('error', () => guacd.destroy()).on('close', () => guacd.destroy());
}

/** Where the last whole instruction ends. */
function endOfLast(bytes: Buffer): number {
  let last = 0;
  for (let at = 0; at < bytes.length;) {
    let length = 0;
    for (; at < bytes.length && bytes[at] !== DOT; at++) length = length * 10 + (bytes[at] ?? 0) - 0x30;
    at += 1 + length;
    if (bytes[at++] === SEMICOLON) last = at;
  }
  return last;
}

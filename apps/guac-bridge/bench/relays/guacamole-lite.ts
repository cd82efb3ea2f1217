/** guacamole-lite as its README starts it, without its log. `GUACD_PORT` is its target, `LITE_KEY` encrypts its tokens. */
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';

/** What is used of a package that brings no types. */
interface Lite {
  webSocketServer: { address(): AddressInfo; once(event: 'listening', then: () => void): void };
}
type LiteConstructor = new (websocket: object, guacd: object, client: object) => Lite;

const GuacamoleLite = createRequire(import.meta.url)('guacamole-lite') as LiteConstructor;
const lite = new GuacamoleLite(
  { port: 0, host: '127.0.0.1', backlog: 4096 },
  { host: '127.0.0.1', port: Number(process.env['GUACD_PORT']) },
  { crypt: { cypher: 'AES-256-CBC', key: process.env['LITE_KEY'] }, log: { level: 0 } },
);
lite.webSocketServer.once('listening', () => {
  process.stdout.write(`${JSON.stringify({ port: lite.webSocketServer.address().port })}\n`);
});

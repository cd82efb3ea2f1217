/** A relay that understands nothing: TCP to TCP, with the back-pressure that pipes bring. `GUACD_PORT` is its target. */
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

const port = Number(process.env['GUACD_PORT']);
const server = createServer({ noDelay: true }, (client) => {
  const guacd = connect({ host: '127.0.0.1', port, noDelay: true });
  const end = () => [client, guacd].forEach((socket) => socket.destroy());
  for (const socket of [client, guacd]) socket.on('error', end).on('close', end);
  client.pipe(guacd).pipe(client);
});
server.listen(0, '127.0.0.1', 4096, () => {
  process.stdout.write(`${JSON.stringify({ port: (server.address() as AddressInfo).port })}\n`);
});

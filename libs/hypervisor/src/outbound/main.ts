import { createServer } from 'node:net';
import { join } from 'node:path';
import { ownAddresses } from './own-addresses';
import { startPasst } from './passt';
import { rangeOf } from './ranges';
import { relay } from './relay';

/** How long the machine may take to connect. */
const WAIT_MS = 60_000;

/**
 * The way out of one machine, a process of its own without any right: `outbound.js --machine=ID FOLDER RANGE,RANGE…`. Listens on FOLDER/net.sock for the
 * machine's QEMU, once; ends with it. The ranges are closed beside the host's own addresses.
 */
function main([machine, folder, ranges]: string[]): void {
  if (!machine?.startsWith('--machine=') || !folder) throw new Error('outbound.js --machine=ID FOLDER RANGE,RANGE…');
  const closedHere = (ranges ?? '').split(',').filter(Boolean).map(rangeOf);
  const own = ownAddresses();
  own();
  const late = setTimeout(() => process.exit(1), WAIT_MS);
  const server = createServer((guest) => {
    clearTimeout(late);
    server.close();
    const passt = startPasst(join(folder, 'passt.log'));
    passt.process.on('error', (error) => {
      process.stderr.write(`passt: ${error.message}\n`);
      process.exit(1);
    });
    passt.process.on('exit', (code) => process.exit(code ?? 1));
    relay(guest, passt.frames, () => [...own(), ...closedHere]);
  });
  server.maxConnections = 1;
  // Its folder is in sight of that QEMU only, which has other ids.
  server.listen({ path: join(folder, 'net.sock'), writableAll: true });
}

main(process.argv.slice(2));

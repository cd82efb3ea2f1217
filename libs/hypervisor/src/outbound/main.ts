import { createServer } from 'node:net';
import { join } from 'node:path';
import { ownAddresses } from './own-addresses';
import { startPasst } from './passt';
import { addressOf, rangeOf } from './ranges';
import { relay } from './relay';

/** How long the machine may take to connect. */
const WAIT_MS = 60_000;

/**
 * The way out of one machine, a process of its own without any right: `outbound.js --machine=ID FOLDER RANGES NAMES` (with commas). Listens on FOLDER/net.sock for the
 * machine's QEMU, once; ends with it. The ranges are closed beside the host's own addresses; the names are name servers.
 */
function main([machine, folder, ranges = '', names = '']: string[]): void {
  if (!machine?.startsWith('--machine=') || !folder) throw new Error('outbound.js --machine=ID FOLDER RANGES NAMES');
  const closedHere = ranges.split(',').filter(Boolean).map(rangeOf);
  const resolvers = names.split(',').filter(Boolean);
  const asked = resolvers.map(addressOf).filter((address) => address !== null);
  const own = ownAddresses();
  own();
  const late = setTimeout(() => process.exit(1), WAIT_MS);
  const server = createServer((guest) => {
    clearTimeout(late);
    server.close();
    const passt = startPasst(join(folder, 'passt.log'), resolvers);
    passt.process.on('error', (error) => {
      process.stderr.write(`passt: ${error.message}\n`);
      process.exit(1);
    });
    passt.process.on('exit', (code) => process.exit(code ?? 1));
    relay(guest, passt.frames, () => ({ closed: [...own(), ...closedHere], names: asked }));
  });
  server.maxConnections = 1;
  // Its folder is in sight of that QEMU only, which has other ids.
  server.listen({ path: join(folder, 'net.sock'), writableAll: true });
}

main(process.argv.slice(2));

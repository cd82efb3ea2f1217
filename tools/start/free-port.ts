import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below the range that the kernel gives to outgoing connections, so that none of those takes a port we chose. */
const RANGE = { from: 20_000, to: 32_000 };

/** Whether we could listen on this address now; false = taken by somebody. Other errors are thrown. */
export function isFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      // No IPv6 here: nobody can listen there.
      else if (error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT') resolve(true);
      else reject(error);
    });
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** A port on loopback where nobody listens, none of `taken`; `wish` first where it is still free. */
export async function freePort(taken: ReadonlySet<number> = new Set(), wish?: number): Promise<number> {
  if (wish !== undefined && !taken.has(wish) && (await isFree(wish))) return wish;
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const port = randomInt(RANGE.from, RANGE.to);
    if (!taken.has(port) && (await isFree(port))) return port;
  }
  throw new Error(`no free port between ${RANGE.from} and ${RANGE.to} on 127.0.0.1`);
}

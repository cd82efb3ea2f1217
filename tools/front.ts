/**
 * The one origin of `npm start`: the portal's files, and a way to api, bridge and demo sign-in by the path table. On a site
 * nginx does the same (docker/nginx.conf). Settings: FRONT_LISTEN, PUBLIC_URL, STATIC_DIR, API, BRIDGE, IDENTITIES.
 */
import { createFront } from './front/front-server.ts';
import { readFrontSettings } from './front/settings.ts';
import type { FrontSettings } from './front/settings.ts';
import { loadStaticFiles } from './front/static-files.ts';
import { sentence } from './start/fault.ts';

const LAST_WORDS_MS = 500;

function main(settings: FrontSettings): void {
  const files = loadStaticFiles(settings.staticDir);
  const quiet = ['warn', 'error', 'fatal', 'silent'].includes(process.env['LOG_LEVEL'] ?? 'info');
  const servers = settings.listen.map((address) => {
    const server = createFront(settings, files, (line) => {
      // The portal's own files are fetched all the time, by the health check too.
      const dull = !/^\/(api|oidc|desktop)/.test(line.path) && line.status < 400;
      if (!quiet && !dull) console.log(JSON.stringify({ time: new Date().toISOString(), ...line }));
    });
    server.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT') return;
      console.error(`front: cannot listen on ${address.host}:${address.port}: ${error.message}`);
      process.exit(1);
    });
    server.listen({ ...address, backlog: 511 });
    return server;
  });
  const stop = () => {
    for (const server of servers) server.close().closeIdleConnections();
    // Pipes stay open as long as their ends like; they are told by the end of this process.
    setTimeout(() => process.exit(0), LAST_WORDS_MS).unref();
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stop);
}

try {
  main(readFrontSettings(process.env));
} catch (error) {
  console.error(`front: ${sentence(error)}`);
  process.exit(1);
}

import { build } from 'esbuild';
import { createCipheriv, randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { Endpoint } from './clients.ts';
import { RelayProcess } from './relay-process.ts';

export const SUBJECTS = ['direct', 'tcp relay', 'ws relay', 'guacamole-lite', 'bridge'] as const;
export type SubjectName = (typeof SUBJECTS)[number];

/** A way from a client to guacd; `relay` is null for the direct one. */
export interface Subject {
  readonly name: SubjectName;
  readonly relay: RelayProcess | null;
  readonly endpoint: Endpoint;
}

/** What the bridge of a run needs around it. */
export interface Surroundings {
  readonly guacdPort: number;
  readonly portalPort: number;
  readonly secretFile: string;
  /** Built by `buildBridge`. */
  readonly bridge: string;
}

const BENCH = import.meta.dirname;
const CHECKOUT = resolve(BENCH, '../../..');
const ORIGIN = 'http://127.0.0.1:1';
const LITE_KEY = 'a-key-of-thirty-two-characters-x';

/** The bridge as it is shipped, into a folder of its own below dist/. Returns its main file. */
export async function buildBridge(): Promise<string> {
  const outfile = join(CHECKOUT, 'dist/bench/guac-bridge/main.js');
  await build({
    entryPoints: [join(BENCH, '../src/main.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    packages: 'external',
    tsconfig: join(BENCH, '../tsconfig.json'),
    logLevel: 'error',
  });
  return outfile;
}

/** A guacd that echoes, of its own process. */
export function startEchoingGuacd(): Promise<RelayProcess> {
  return RelayProcess.start([join(BENCH, 'relays/echoing-guacd.ts')], {});
}

/** Starts one way to guacd. Whoever starts it stops its relay. */
export async function startSubject(name: SubjectName, around: Surroundings): Promise<Subject> {
  const guacd = { GUACD_PORT: String(around.guacdPort) };
  const websocket = (relay: RelayProcess, path: string, bare = false): Subject => ({
    name,
    relay,
    endpoint: { kind: 'websocket', url: `ws://127.0.0.1:${relay.port}${path}`, origin: ORIGIN, bare },
  });
  switch (name) {
    case 'direct':
      return { name, relay: null, endpoint: { kind: 'tcp', port: around.guacdPort } };
    case 'tcp relay': {
      const relay = await RelayProcess.start([join(BENCH, 'relays/tcp-relay.ts')], guacd);
      return { name, relay, endpoint: { kind: 'tcp', port: relay.port } };
    }
    case 'ws relay':
      return websocket(await RelayProcess.start([join(BENCH, 'relays/ws-relay.ts')], guacd), '/', true);
    case 'guacamole-lite': {
      const program = join(BENCH, 'relays/guacamole-lite.ts');
      const relay = await RelayProcess.start([program], { ...guacd, LITE_KEY });
      return websocket(relay, `/?token=${encodeURIComponent(liteToken())}`);
    }
    case 'bridge': {
      const relay = await RelayProcess.start([...bridgeFlags(), around.bridge], bridgeSettings(around));
      return websocket(relay, '/desktop?ticket=bench&width=1024&height=768&dpi=96');
    }
  }
}

function bridgeSettings({ guacdPort, portalPort, secretFile }: Surroundings): Record<string, string> {
  return {
    BRIDGE_LISTEN: '127.0.0.1:0',
    PUBLIC_URL: ORIGIN,
    INTERNAL_URL: `http://127.0.0.1:${portalPort}`,
    INTERNAL_SECRET_FILE: secretFile,
    GUACD: `127.0.0.1:${guacdPort}`,
    MAX_SESSIONS: '100000',
  };
}

/** Flags of Node's for whoever looks for the reason of a figure, from `BENCH_BRIDGE_FLAGS`. */
function bridgeFlags(): string[] {
  return (process.env['BENCH_BRIDGE_FLAGS'] ?? '').split(' ').filter((flag) => flag !== '');
}

/** guacamole-lite's token: its settings, encrypted. */
function liteToken(): string {
  // guacamole-lite reads the vector as ASCII in one of two places.
  const iv = Buffer.from(randomBytes(8).toString('hex'));
  const cipher = createCipheriv('aes-256-cbc', LITE_KEY, iv);
  const settings = JSON.stringify({ connection: { type: 'rdp', settings: { hostname: '127.0.0.1' } } });
  const value = Buffer.concat([cipher.update(settings), cipher.final()]);
  return Buffer.from(JSON.stringify({ iv: iv.toString('base64'), value: value.toString('base64') })).toString('base64');
}

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parse } from 'yaml';
import { confined } from '../start/confined.ts';
import { freePort } from '../start/free-port.ts';

const root = join(__dirname, '../..');
const node = join(root, 'node_modules/.bin/node');
const compose = parse(readFileSync(join(root, 'docker-compose.yml'), 'utf8'), { merge: true }) as {
  services: Record<string, { environment: Record<string, string> }>;
};
/** What a site writes into .env. */
const SETTINGS: Record<string, string> = {
  PUBLIC_URL: 'https://desktops.example.org',
  OIDC_ISSUER: 'https://login.example.org',
  OIDC_CLIENT_ID: 'beamdesk',
};
/** As in docker/Dockerfile. */
const UIDS = { api: 64105, worker: 64105, bridge: 64102 };
const children: ChildProcess[] = [];
let folder: string;
let database: { url: string };
let ports: { api: number; worker: number; bridge: number; internal: number };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'compose-'));
  for (const name of ['secrets', 'run', 'data', 'images', 'site', 'proposals']) mkdirSync(join(folder, name));
  cpSync(join(root, 'e2e/fixtures/tiny-site.yaml'), join(folder, 'site/site.yaml'));
  cpSync(join(root, 'config/demo/catalogue.yaml'), join(folder, 'site/catalogue.yaml'));
  ports = { api: await freePort(), worker: await freePort(), bridge: await freePort(), internal: await freePort() };
  const server = spawn(node, [join(root, 'tools/postgres.ts')], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(server);
  const [line] = (await once(server.stdout, 'data')) as [Buffer];
  database = JSON.parse(line.toString()) as { url: string };
  const shared = randomBytes(32).toString('hex');
  for (const name of ['internal-secret', 'bridge-internal-secret']) writeFileSync(join(folder, 'secrets', name), shared);
  for (const name of ['session-secret', 'console-key', 'oidc-client-secret', 'smtp-password']) {
    writeFileSync(join(folder, 'secrets', name), randomBytes(32).toString('hex'));
  }
  if (process.getuid?.() === 0) {
    spawnSync('chmod', ['755', folder]);
    for (const name of ['run', 'data']) spawnSync('chown', [`${UIDS.api}:${UIDS.bridge}`, join(folder, name)]);
    spawnSync('chmod', ['2750', join(folder, 'run')]);
  }
  writeFileSync(join(folder, 'secrets/database-password'), new URL(database.url).password);
}, 60_000);

afterAll(async () => {
  for (const child of children.reverse()) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  }
  rmSync(folder, { recursive: true, force: true });
}, 30_000);

/** A container's environment with this machine's folders and ports in place of its own. */
function environment(service: 'api' | 'worker' | 'bridge'): NodeJS.ProcessEnv {
  const here = (value: string) =>
    value
      .replace(/\$\{(\w+)(?::[-?]([^}]*))?\}/g, (_all, name: string, fallback: string) => SETTINGS[name] ?? fallback ?? '')
      .replace('/run/secrets', join(folder, 'secrets'))
      .replace('/run/beamdesk', join(folder, 'run'))
      .replace('/var/lib/beamdesk-images', join(folder, 'images'))
      .replace('/var/lib/beamdesk', join(folder, 'data'))
      .replace('/etc/beamdesk', join(folder, 'site'))
      .replace('0.0.0.0:3000', `127.0.0.1:${service === 'worker' ? ports.worker : ports.api}`)
      .replace('0.0.0.0:3001', `127.0.0.1:${ports.bridge}`)
      .replace('127.0.0.1:3002', `127.0.0.1:${ports.internal}`)
      .replace('postgresql://beamdesk@postgres:5432/beamdesk', database.url.replace(/:[^:@/]+@/, '@'));
  const settings = compose.services[service]?.environment ?? {};
  return {
    PATH: process.env['PATH'],
    NODE_ENV: 'production',
    ...Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, here(String(value))])),
  };
}

/** With a container's user, where we are root and can give it one; without root as ourselves. */
function inItsPlace(service: keyof typeof UIDS, program: string, env: NodeJS.ProcessEnv) {
  const uid = process.getuid?.() === 0 ? UIDS[service] : null;
  if (uid !== null) spawnSync('chown', ['-R', `${uid}:${uid}`, join(folder, 'secrets')]);
  const [command, ...args] = confined({ uid, ro: [join(root, 'node_modules'), join(root, 'dist')], rw: [folder], dieWithParent: true }, [
    node,
    join(root, program),
  ]);
  return spawn(command, args, { env, cwd: '/', stdio: ['ignore', 'pipe', 'pipe'] });
}

function start(service: 'api' | 'worker' | 'bridge', program: string): () => string {
  const child = inItsPlace(service, program, environment(service));
  children.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.once('exit', (code) => (output += `ended with ${code}`));
  return () => output;
}

function status(port: number, path: string): Promise<number> {
  return new Promise((resolve) => {
    request({ host: '127.0.0.1', port, path, headers: { host: 'desktops.example.org' } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    })
      .on('error', () => resolve(0))
      .end();
  });
}

async function until(check: () => Promise<boolean>, output: () => string): Promise<void> {
  for (const end = Date.now() + 30_000; !(await check()); await delay(200)) {
    if (Date.now() > end || /ended with/.test(output())) throw new Error(output());
  }
}

describe('the commands of docker-compose.yml, outside a container', () => {
  it.each([
    ['api', 'web'],
    ['worker', 'web,worker'],
  ] as const)('%s is well with its settings and secrets as files', async (service, role) => {
    expect(environment(service)['ROLES']).toBe(role);
    const output = start(service, 'dist/apps/api/main.js');
    await until(async () => (await status(ports[service], '/api/health')) === 200, output);
    expect(await status(ports[service], '/api/session')).toBe(200);
  }, 60_000);

  it('bridge listens and reaches the internal socket of api', async () => {
    const output = start('bridge', 'dist/apps/guac-bridge/main.js');
    const listens = () =>
      new Promise<boolean>((resolve) => {
        const socket = connect(ports.bridge, '127.0.0.1', () => {
          socket.destroy();
          resolve(true);
        }).on('error', () => resolve(false));
      });
    await until(listens, output);
    await delay(1000);
    expect(output()).not.toMatch(/"level":[56]0|ended with/);
  }, 60_000);

  it('refuses demo identities under the public name of a site', async () => {
    const child = inItsPlace('api', 'dist/apps/api/main.js', { ...environment('api'), DEMO: 'true' });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number];
    expect(code).not.toBe(0);
    expect(output).toMatch(/DEMO.*loopback/);
  }, 60_000);
});

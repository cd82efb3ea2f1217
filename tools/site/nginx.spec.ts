import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket, WebSocketServer } from 'ws';
import { freePort } from '../start/free-port.ts';
import { route } from '../front/path-table.ts';

const docker = join(__dirname, '../../docker');
const HOST = 'desktops.example.org';

let folder: string;
let nginx: ChildProcess | undefined;
let backend: Server;
/** Where the machines are. */
let worker: Server;
let port: number;
const seen: { url: string; headers: Record<string, unknown> }[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'nginx-'));
  spawnSync('chmod', ['755', folder]);
  backend = createServer((asked, answer) => {
    seen.push({ url: asked.url ?? '', headers: asked.headers });
    answer.end(JSON.stringify({ url: asked.url }));
  }).listen(0, '127.0.0.1');
  await once(backend, 'listening');
  new WebSocketServer({ server: backend }).on('connection', (ws) => ws.on('message', (data) => ws.send(data)));
  worker = createServer((asked, answer) => {
    let length = 0;
    asked.on('data', (piece: Buffer) => (length += piece.length));
    asked.on('end', () => answer.end(JSON.stringify({ worker: asked.url, length })));
  }).listen(0, '127.0.0.1');
  await once(worker, 'listening');
  port = await freePort();
  writeConfiguration(portOf(backend), portOf(worker));
  const program = nginxProgram();
  const options = ['-e', join(folder, 'start.log'), '-c', join(folder, 'nginx.conf')];
  const check = spawnSync(program, [...options, '-t'], { encoding: 'utf8' });
  if (check.status !== 0) throw new Error(check.stderr);
  nginx = spawn(program, [...options, '-g', 'daemon off;'], { stdio: 'ignore' });
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (await get('/').then(() => true, () => false)) return;
    await delay(100);
  }
  throw new Error('nginx does not answer');
}, 60_000);

afterAll(async () => {
  if (nginx?.exitCode === null) {
    const ended = once(nginx, 'exit');
    nginx.kill('SIGTERM');
    await ended;
  }
  for (const server of [backend, worker]) {
    server.close();
    server.closeAllConnections();
  }
  rmSync(folder, { recursive: true });
});

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

/** Debian's nginx, unpacked and not installed: an installed one would start to serve on this machine. */
function nginxProgram(): string {
  const place = join(folder, 'debian');
  mkdirSync(place);
  spawnSync('chmod', ['777', place]);
  const fetch = () => spawnSync('apt-get', ['download', 'nginx'], { cwd: place, encoding: 'utf8' });
  let fetched = fetch();
  if (fetched.status !== 0) {
    // A machine where nothing had to be installed may have no package lists yet.
    spawnSync('apt-get', ['update']);
    fetched = fetch();
  }
  const [deb] = readdirSync(place).filter((name) => name.endsWith('.deb'));
  if (!deb) throw new Error(`apt-get download nginx: ${fetched.stderr}`);
  const unpacked = spawnSync('dpkg', ['-x', join(place, deb), place], { encoding: 'utf8' });
  if (unpacked.status !== 0) throw new Error(unpacked.stderr);
  return join(place, 'usr/sbin/nginx');
}

/** The site's files with this machine's ports and folders in place of the containers'. */
function writeConfiguration(backendPort: number, workerPort: number): void {
  const secrets = join(folder, 'secrets');
  const portal = join(folder, 'portal');
  for (const name of [secrets, portal, join(folder, 'conf')]) mkdirSync(name);
  writeFileSync(join(portal, 'index.html'), '<!doctype html><bd-root></bd-root>');
  writeFileSync(join(portal, 'main-ABCD1234.js'), 'let a;');
  const made = spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', `/CN=${HOST}`],
    ...['-keyout', join(secrets, 'tls-key'), '-out', join(secrets, 'tls-certificate')],
  ]);
  if (made.status !== 0) throw new Error(made.stderr.toString());
  writeFileSync(join(folder, 'mime.types'), 'types { text/html html; text/javascript js; }');
  cpSync(join(docker, 'proxy.conf'), join(folder, 'proxy.conf'));
  const here = (text: string) =>
    text
      .replaceAll('/etc/nginx/proxy.conf', join(folder, 'proxy.conf'))
      .replaceAll('/tmp/nginx/*.conf', join(folder, 'conf/*.conf'))
      .replaceAll('/etc/nginx/mime.types', join(folder, 'mime.types'))
      .replaceAll('/run/secrets', secrets)
      .replaceAll('/srv/portal', portal)
      .replace(/\/tmp\/(client|proxy|fastcgi|uwsgi|scgi|nginx\.pid)/g, join(folder, '$1'))
      .replaceAll('/dev/stdout', join(folder, 'access.log'))
      .replaceAll('/dev/stderr', join(folder, 'error.log'))
      .replaceAll('listen 8443 ssl', `listen 127.0.0.1:${port} ssl`)
      .replaceAll('http://api:3000', `http://127.0.0.1:${backendPort}`)
      .replaceAll('http://worker:3000', `http://127.0.0.1:${workerPort}`)
      .replaceAll('http://worker:3001', `http://127.0.0.1:${backendPort}`)
      .replaceAll('${PUBLIC_HOST}', HOST)
      // Debian 12's nginx is older than the word.
      .replaceAll('  http2 on;\n', '');
  writeFileSync(join(folder, 'nginx.conf'), here(readFileSync(join(docker, 'nginx.conf'), 'utf8')));
  writeFileSync(join(folder, 'conf/portal.conf'), here(readFileSync(join(docker, 'portal.conf.template'), 'utf8')));
}

function get(path: string, headers: Record<string, string> = {}, body?: Buffer) {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: string }>((resolve, reject) => {
    const asked = request(
      {
        ...{ host: '127.0.0.1', port, path, headers: { Host: HOST, ...headers }, method: body ? 'PUT' : 'GET' },
        ...{ rejectUnauthorized: false, agent: false },
      },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text }));
      },
    );
    asked.on('error', reject).end(body);
  });
}

describe('nginx of a site', () => {
  it('serves the page with a nonce in body and policy, anew each time', async () => {
    const pages = await Promise.all(['/', '/proposals', '/proposals/demo~x~20260301.2'].map((path) => get(path)));
    const nonces = pages.map(({ status, headers, body }) => {
      expect(status).toBe(200);
      const nonce = /ngCspNonce="([^"]+)"/.exec(body)?.[1] ?? 'none';
      expect(String(headers['content-security-policy'])).toContain(`'nonce-${nonce}'`);
      expect(headers['cache-control']).toBe('no-store');
      return nonce;
    });
    expect(new Set(nonces).size).toBe(3);
  });

  it('serves hashed files for ever and no page in place of a missing one', async () => {
    const script = await get('/main-ABCD1234.js');
    expect(script.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(script.headers['x-content-type-options']).toBe('nosniff');
    expect((await get('/main-ZZZZ9999.js')).status).toBe(404);
  });

  it.each(['/api/../secret', '/%2e%2e/secret', '//evil', '/api//x', '/api%2fx', '/a%00b', '/api/%252e', '/a\\b', '/x/..'])(
    'refuses %s as the front does',
    async (path) => {
      expect(route(path).to).toBe('refused');
      const before = seen.length;
      expect((await get(path)).status).toBe(400);
      expect(seen).toHaveLength(before);
    },
  );

  it('passes the api on with query, and believes no header a client sends about itself', async () => {
    seen.length = 0;
    const answer = await get('/api/things?x=%2F..//', { 'X-Forwarded-For': '6.6.6.6', 'X-Forwarded-Host': 'evil', Forwarded: 'for=6.6.6.6' });
    expect(JSON.parse(answer.body)).toEqual({ url: '/api/things?x=%2F..//' });
    expect(seen[0]?.headers).toMatchObject({ host: HOST, 'x-forwarded-for': '127.0.0.1', 'x-forwarded-host': HOST, 'x-forwarded-proto': 'https' });
    expect(JSON.stringify(seen)).not.toMatch(/6\.6\.6\.6|evil/);
  });

  it('has files of desktops pass through where the machines are, of any length', async () => {
    const folder = '/api/instances/1/files?path=%2Fscratch';
    expect(JSON.parse((await get(folder)).body)).toEqual({ worker: folder, length: 0 });
    const file = '/api/instances/1/files/content?path=%2Fscratch%2Fa';
    const length = 8 * 1024 * 1024;
    expect(JSON.parse((await get(file, {}, Buffer.alloc(length))).body)).toEqual({ worker: file, length });
    expect((await get('/api/things', {}, Buffer.alloc(length))).status).toBe(413);
  });

  it('answers to no other name', async () => {
    expect((await get('/api/session', { Host: 'evil.example' })).status).toBe(421);
  });

  it.each(['/desktop?ticket=secretticket', '/api/events'])('joins the websocket at %s', async (path) => {
    const ws = new WebSocket(`wss://127.0.0.1:${port}${path}`, { headers: { Host: HOST }, rejectUnauthorized: false });
    await once(ws, 'open');
    ws.send('hello');
    const [echo] = (await once(ws, 'message')) as [Buffer];
    expect(echo.toString()).toBe('hello');
    ws.close();
    await once(ws, 'close');
    await delay(100);
    expect(readFileSync(join(folder, 'access.log'), 'utf8')).not.toContain('secretticket');
  });
});

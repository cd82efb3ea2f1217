import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request as ask } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import { connect, createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { WebSocket, WebSocketServer } from 'ws';
import { createFront } from './front-server.ts';
import type { RequestLine } from './front-server.ts';
import { loadStaticFiles } from './static-files.ts';

const HOST = 'localhost:8080';
const SCRIPT = `console.log(1);${' '.repeat(4000)}`;

interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

/** A backend that tells what reached it. */
class Echo {
  readonly server: Server;
  readonly sockets = new WebSocketServer({ noServer: true });
  seen = 0;

  constructor() {
    this.server = createServer((request, response) => {
      this.seen += 1;
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        response.setHeader('Set-Cookie', ['a=1', 'b=2']);
        response.end(
          JSON.stringify({ url: request.url, headers: request.headers, length: Buffer.concat(chunks).length, method: request.method }),
        );
      });
    });
    this.server.on('upgrade', (request, socket, head) => {
      if (request.url?.includes('refuse')) {
        socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno');
        return;
      }
      this.sockets.handleUpgrade(request, socket, head, (ws) => {
        ws.on('message', (data, binary) => ws.send(data, { binary }));
        ws.on('close', (code, reason) => this.closed.push(`${code} ${reason.toString()}`));
      });
    });
  }

  readonly closed: string[] = [];

  async listen(): Promise<number> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return (this.server.address() as AddressInfo).port;
  }

  close(): void {
    this.sockets.clients.forEach((client) => client.terminate());
    this.server.close();
    this.server.closeAllConnections();
  }
}

let folder: string;
let api: Echo;
let bridge: Echo;
let front: Server;
let port: number;
let ports: { api: number; bridge: number };
const lines: RequestLine[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'front-'));
  mkdirSync(join(folder, 'static/media'), { recursive: true });
  writeFileSync(join(folder, 'secret.txt'), 'outside');
  writeFileSync(join(folder, 'static/index.html'), '<!doctype html><bd-root></bd-root>');
  writeFileSync(join(folder, 'static/main-ABCD1234.js'), SCRIPT);
  writeFileSync(join(folder, 'static/favicon.svg'), '<svg/>');
  api = new Echo();
  bridge = new Echo();
  ports = { api: await api.listen(), bridge: await bridge.listen() };
  front = createFront(
    {
      listen: [],
      publicUrl: new URL(`http://${HOST}`),
      staticDir: join(folder, 'static'),
      backends: {
        api: { host: '127.0.0.1', port: ports.api },
        bridge: { host: '127.0.0.1', port: ports.bridge },
        identities: { host: '127.0.0.1', port: 1 },
      },
    },
    loadStaticFiles(join(folder, 'static')),
    (line) => lines.push(line),
  );
  front.listen(0, '127.0.0.1');
  await once(front, 'listening');
  port = (front.address() as AddressInfo).port;
});

afterAll(() => {
  api.close();
  bridge.close();
  front.close();
  front.closeAllConnections();
  rmSync(folder, { recursive: true });
});

function get(path: string, headers: Record<string, string> = {}, method = 'GET', body?: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = ask({ host: '127.0.0.1', port, path, method, headers: { Host: HOST, ...headers }, agent: false }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) }));
      answer.on('error', reject);
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

/** A front whose api is at another port. */
function frontTo(apiPort: number): Server {
  const at = (to: number) => ({ host: '127.0.0.1', port: to });
  const backends = { api: at(apiPort), bridge: at(1), identities: at(1) };
  const settings = { listen: [], publicUrl: new URL(`http://${HOST}`), staticDir: '', backends };
  return createFront(settings, new Map(), () => undefined).listen(0, '127.0.0.1');
}

async function json(path: string, headers?: Record<string, string>, method?: string, body?: Buffer) {
  const answer = await get(path, headers, method, body);
  return { ...answer, json: JSON.parse(answer.body.toString()) as Record<string, unknown> };
}

/** What comes back for these very bytes, until the front closes or falls silent. */
async function raw(text: string, silenceMs = 500): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let heard = '';
  socket.on('data', (chunk) => (heard += chunk.toString('latin1')));
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(text, 'latin1');
  await Promise.race([once(socket, 'close'), delay(silenceMs)]);
  socket.destroy();
  return heard;
}

describe('static files', () => {
  it('serves the page for every address of the portal, with a policy that holds its nonce and lets no frame in', async () => {
    for (const path of ['/', '/proposals', '/proposals/demo~lumina~20260301.2', '/index.html']) {
      const { status, headers, body } = await get(path);
      expect({ path, status }).toEqual({ path, status: 200 });
      const nonce = /ngCspNonce="([^"]+)"/.exec(body.toString())?.[1] ?? 'none';
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain(`'nonce-${nonce}'`);
      expect(policy).toContain("script-src 'self';");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(headers['cache-control']).toBe('no-store');
    }
  });

  it('gives every page a nonce of its own', async () => {
    const [one, two] = await Promise.all([get('/'), get('/')]);
    expect(one?.body.toString()).not.toBe(two?.body.toString());
  });

  it('serves hashed files for ever, others only while their tag is right', async () => {
    const script = await get('/main-ABCD1234.js');
    expect(script.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8');
    const icon = await get('/favicon.svg');
    expect(icon.headers['cache-control']).toBe('no-cache');
    expect((await get('/favicon.svg', { 'If-None-Match': String(icon.headers.etag) })).status).toBe(304);
    expect((await get('/favicon.svg', { 'If-None-Match': '"other"' })).status).toBe(200);
  });

  it('compresses as the browser accepts', async () => {
    const br = await get('/main-ABCD1234.js', { 'Accept-Encoding': 'gzip, br' });
    expect(br.headers['content-encoding']).toBe('br');
    expect(brotliDecompressSync(br.body).toString()).toBe(SCRIPT);
    const gz = await get('/main-ABCD1234.js', { 'Accept-Encoding': 'gzip, br;q=0' });
    expect(gz.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(gz.body).toString()).toBe(SCRIPT);
    expect(gz.headers.etag).not.toBe(br.headers.etag);
    const plain = await get('/main-ABCD1234.js');
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(plain.body.toString()).toBe(SCRIPT);
  });

  it('answers a missing script with 404, not with the page', async () => {
    const { status, json: body } = await json('/main-ZZZZ9999.js');
    expect(status).toBe(404);
    expect(body['code']).toBe('NOT_FOUND');
  });

  it('is only read', async () => {
    expect((await get('/', {}, 'POST')).status).toBe(405);
    expect((await get('/', {}, 'HEAD')).body).toHaveLength(0);
  });
});

describe('path tricks', () => {
  it.each([
    '/api/../secret.txt',
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '//evil.example/',
    '/api//health',
    '/api%2fhealth',
    '/static\\..\\secret.txt',
    '/a%00b',
    '/%zz',
    '/./api/health',
    '/api/%252e%252e/x',
  ])('refuses %s', async (path) => {
    const before = api.seen;
    const { status, json: body } = await json(path);
    expect(status).toBe(400);
    expect(body['code']).toBe('BAD_REQUEST');
    expect(api.seen).toBe(before);
  });

  it('does not take a name that only begins like a backend for one', async () => {
    expect((await get('/apiary')).headers['content-type']).toContain('text/html');
    expect((await get('/oidc2')).headers['content-type']).toContain('text/html');
  });

  it('refuses an address in absolute form', async () => {
    expect(await raw(`GET http://${HOST}/api/health HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close\r\n\r\n`)).toContain(' 400 ');
  });
});

describe('passing on to backends', () => {
  it('keeps method, query, body and both cookies', async () => {
    const answer = await json('/api/things?x=1&y=%2F', { 'Content-Type': 'application/json' }, 'PUT', Buffer.from('{"a":1}'));
    expect(answer.json).toMatchObject({ url: '/api/things?x=1&y=%2F', method: 'PUT', length: 7 });
    expect(answer.headers['set-cookie']).toEqual(['a=1', 'b=2']);
  });

  it('believes no header that a client sends about itself', async () => {
    const { json: seen } = await json('/api/x', {
      'X-Forwarded-For': '6.6.6.6',
      'X-Forwarded-Host': 'evil.example',
      'X-Forwarded-Proto': 'https',
      'X-Real-IP': '6.6.6.6',
      Forwarded: 'for=6.6.6.6',
      'X-Forwarded-Prefix': '/evil',
    });
    const headers = seen['headers'] as Record<string, string>;
    expect(headers).toMatchObject({ host: HOST, 'x-forwarded-for': '127.0.0.1', 'x-forwarded-host': HOST, 'x-forwarded-proto': 'http' });
    expect(JSON.stringify(headers)).not.toMatch(/6\.6\.6\.6|evil/);
  });

  it('answers only to the public name', async () => {
    const before = api.seen;
    for (const path of ['/', '/api/session']) {
      const { status, json: body } = await json(path, { Host: 'evil.example' });
      expect({ status, code: body['code'] }).toEqual({ status: 421, code: 'WRONG_HOST' });
    }
    expect(api.seen).toBe(before);
  });

  it('refuses a body above 1 MiB whether its length is told or not', async () => {
    const large = Buffer.alloc(1024 ** 2 + 1);
    expect((await get('/api/x', { 'Content-Length': String(large.length) }, 'POST', large)).status).toBe(413);
    expect((await get('/api/x', { 'Transfer-Encoding': 'chunked' }, 'POST', large)).status).toBe(413);
    const allowed = await json('/api/x', { 'Transfer-Encoding': 'chunked' }, 'POST', Buffer.alloc(1024 ** 2));
    expect(allowed.json['length']).toBe(1024 ** 2);
  });

  it('lets a file of any length through to a desktop, and nothing else that is large', async () => {
    const large = Buffer.alloc(8 * 1024 ** 2);
    const bytes = { 'Content-Type': 'application/octet-stream', 'Content-Length': String(large.length) };
    const file = '/api/instances/5e0c/files/content?path=%2Fscratch%2Fa%20b';
    expect((await json(file, bytes, 'PUT', large)).json).toMatchObject({ url: file, length: large.length });
    for (const path of ['/api/instances/5e0c/files/folders', '/api/x?/api/instances/5e0c/files/content', '/api/instances/a/b/files/content']) {
      expect((await get(path, bytes, 'PUT', large)).status).toBe(413);
    }
  });

  it('passes a file on as it comes, and slows it down to what the backend takes', async () => {
    let taken = 0;
    const slow = createServer((request) => {
      request.once('readable', () => (taken += (request.read(1000) as Buffer | null)?.length ?? 0));
    }).listen(0, '127.0.0.1');
    await once(slow, 'listening');
    const other = frontTo((slow.address() as AddressInfo).port);
    await once(other, 'listening');
    const headers = { Host: HOST, 'Content-Length': String(1024 ** 3), 'Content-Type': 'application/octet-stream' };
    const at = { host: '127.0.0.1', port: (other.address() as AddressInfo).port, path: '/api/instances/5e0c/files/content', method: 'PUT' };
    const sending = ask({ ...at, headers, agent: false }).on('error', () => undefined);
    let sent = 0;
    for (const end = Date.now() + 1000; Date.now() < end; await delay(5)) {
      if (sending.writableNeedDrain) continue;
      sending.write(Buffer.alloc(256 * 1024));
      sent += 256 * 1024;
    }
    expect(taken).toBe(1000);
    expect(sent).toBeGreaterThan(0);
    expect(sent).toBeLessThan(64 * 1024 ** 2);
    sending.destroy();
    other.close();
    other.closeAllConnections();
    slow.close();
    slow.closeAllConnections();
  });

  it('shows an answer that comes before the whole body has, and lets the rest of it go', async () => {
    const early = createServer((request, response) => {
      response.writeHead(409, { 'Content-Type': 'application/json' }).end('{"code":"FILE_EXISTS"}');
      request.resume();
    }).listen(0, '127.0.0.1');
    await once(early, 'listening');
    const other = frontTo((early.address() as AddressInfo).port);
    await once(other, 'listening');
    const body = Buffer.alloc(20 * 1024 ** 2);
    const status = await new Promise((resolve, reject) => {
      const at = { host: '127.0.0.1', port: (other.address() as AddressInfo).port, path: '/api/instances/5e0c/files/content', method: 'PUT' };
      const headers = { Host: HOST, 'Content-Length': String(body.length), 'Content-Type': 'application/octet-stream' };
      ask({ ...at, headers, agent: false }, (answer) => resolve(answer.resume().statusCode)).on('error', reject).end(body);
    });
    expect(status).toBe(409);
    other.close();
    other.closeAllConnections();
    early.close();
    early.closeAllConnections();
  });

  it('says that a backend is starting: as data to programs, as a page to people', async () => {
    const data = await json('/oidc/auth');
    expect(data.status).toBe(503);
    expect(data.json['code']).toBe('STARTING');
    expect(data.headers['retry-after']).toBe('2');
    const page = await get('/oidc/auth', { Accept: 'text/html' });
    expect(page.headers['content-type']).toContain('text/html');
    expect(page.body.toString()).toContain('starting');
  });

  it('cuts the connection when an answer is cut short', async () => {
    const liar = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf');
        setTimeout(() => socket.destroy(), 50);
      });
    }).listen(0, '127.0.0.1');
    await once(liar, 'listening');
    const other = createFront(
      {
        listen: [],
        publicUrl: new URL(`http://${HOST}`),
        staticDir: '',
        backends: {
          api: { host: '127.0.0.1', port: (liar.address() as AddressInfo).port },
          bridge: { host: '127.0.0.1', port: 1 },
          identities: { host: '127.0.0.1', port: 1 },
        },
      },
      new Map(),
      () => undefined,
    ).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const cut = new Promise<string>((resolve) => {
      ask({ host: '127.0.0.1', port: (other.address() as AddressInfo).port, path: '/api/x', headers: { Host: HOST } }, (answer) => {
        answer.on('error', (error) => resolve(error.message));
        answer.on('end', () => resolve('whole'));
        answer.resume();
      }).end();
    });
    const how = await cut;
    other.close();
    other.closeAllConnections();
    liar.close();
    expect(how).toBe('aborted');
  });

  it('logs neither query nor cookie', async () => {
    lines.length = 0;
    await get('/api/auth/callback?code=topsecret', { Cookie: 'sid=topsecret' });
    await delay(50);
    expect(lines).toEqual([expect.objectContaining({ method: 'GET', path: '/api/auth/callback', status: 200 })]);
    await get('/oidc/interaction/topsecret/login');
    await delay(50);
    expect(lines[1]?.path).toBe('/oidc/interaction/…');
    expect(JSON.stringify(lines)).not.toContain('topsecret');
  });
});

describe('limits', () => {
  it('refuses headers above 16 KiB', async () => {
    expect((await raw(`GET / HTTP/1.1\r\nHost: ${HOST}\r\nX-Long: ${'a'.repeat(20_000)}\r\n\r\n`)).slice(0, 12)).toBe('HTTP/1.1 431');
  });

  it('refuses two lengths and a length beside chunks', async () => {
    const head = `POST /api/x HTTP/1.1\r\nHost: ${HOST}\r\n`;
    expect(await raw(`${head}Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcde`)).toContain(' 400 ');
    expect(await raw(`${head}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`)).toContain(' 400 ');
  });

  it('gives up on a client that sends its headers one byte at a time', async () => {
    expect(front.headersTimeout).toBe(10_000);
    const quick = createFront(
      { listen: [], publicUrl: new URL(`http://${HOST}`), staticDir: '', backends: { api: at(1), bridge: at(1), identities: at(1) } },
      new Map(),
      () => undefined,
    );
    quick.headersTimeout = 300;
    quick.listen(0, '127.0.0.1');
    await once(quick, 'listening');
    const socket = connect((quick.address() as AddressInfo).port, '127.0.0.1');
    let heard = '';
    socket.on('data', (chunk) => (heard += chunk.toString())).on('error', () => undefined);
    socket.write('GET / HTTP/1.1\r\n');
    const drip = setInterval(() => socket.write('a'), 100);
    await once(socket, 'close');
    clearInterval(drip);
    quick.close();
    expect(heard).toContain(' 408 ');
  }, 15_000);
});

describe('websockets', () => {
  const open = async (path: string) => {
    const ws = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers: { Host: HOST } });
    await once(ws, 'open');
    return ws;
  };

  it('pipes frames of every size both ways, to the right backend', async () => {
    const ws = await open('/desktop?ticket=t');
    for (const size of [1, 125, 126, 65_536, 3_000_000]) {
      const frame = Buffer.alloc(size, size % 251);
      ws.send(frame);
      const [echo] = (await once(ws, 'message')) as [Buffer];
      expect(echo.equals(frame)).toBe(true);
    }
    expect(bridge.sockets.clients.size).toBe(1);
    ws.close(1000, '0');
    await once(ws, 'close');
    await delay(50);
    expect(bridge.closed).toEqual(['1000 0']);
  });

  it('hands the close code of the backend through', async () => {
    const ws = await open('/desktop');
    const closed = once(ws, 'close') as Promise<[number, Buffer]>;
    for (const client of bridge.sockets.clients) client.close(1008, '769');
    const [code, reason] = await closed;
    expect([code, reason.toString()]).toEqual([1008, '769']);
  });

  it('passes a refusal on and lets nothing follow on that connection', async () => {
    const before = api.seen;
    const heard = await raw(
      `GET /api/events?refuse HTTP/1.1\r\nHost: ${HOST}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\nGET /api/smuggled HTTP/1.1\r\nHost: x\r\n\r\n`,
    );
    expect(heard).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n/);
    expect(heard).toContain('Connection: close');
    expect(api.seen).toBe(before);
  });

  it.each(['/api/session', '/', '/oidc/auth', '/desktop/x'])('refuses a websocket at %s', async (path) => {
    const ws = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers: { Host: HOST } });
    const [error] = (await once(ws, 'error')) as [Error];
    expect(error.message).toContain('400');
  });

  it('refuses a websocket under another name', async () => {
    const ws = new WebSocket(`ws://127.0.0.1:${port}/desktop`, { headers: { Host: 'evil.example' } });
    const [error] = (await once(ws, 'error')) as [Error];
    expect(error.message).toContain('421');
  });

  it('lets one direction end while the other goes on', async () => {
    const finished: string[] = [];
    const backend = createTcpServer({ allowHalfOpen: true }, (socket: Socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
        // Ends its own direction at once and still listens.
        socket.end('bye');
        socket.on('data', (chunk) => finished.push(chunk.toString()));
      });
    }).listen(0, '127.0.0.1');
    await once(backend, 'listening');
    const half = createFront(
      {
        listen: [],
        publicUrl: new URL(`http://${HOST}`),
        staticDir: '',
        backends: { api: at(1), bridge: at((backend.address() as AddressInfo).port), identities: at(1) },
      },
      new Map(),
      () => undefined,
    ).listen(0, '127.0.0.1');
    await once(half, 'listening');
    const client = connect({ port: (half.address() as AddressInfo).port, host: '127.0.0.1', allowHalfOpen: true });
    client.write(`GET /desktop HTTP/1.1\r\nHost: ${HOST}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
    let heard = '';
    client.on('data', (chunk) => (heard += chunk.toString()));
    await once(client, 'end');
    expect(heard.endsWith('bye')).toBe(true);
    client.end('still here');
    await once(client, 'close');
    await delay(50);
    expect(finished.join('')).toBe('still here');
    half.close();
    backend.close();
  });
});

function at(backendPort: number) {
  return { host: '127.0.0.1', port: backendPort };
}

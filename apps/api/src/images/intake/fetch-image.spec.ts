import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeCertificates } from '../../../test/ldap/certificates';
import { fetchImageIn } from './fetch-image';
import type { FetchWorld } from './fetch/request';
import { FileServer, serving } from './testing/file-server';
import { freshFolder } from './testing/places';
import type { FetchOptions, FetchRules } from './types';

const folder = freshFolder();
const target = join(folder, 'fetched');
const content = randomBytes(300_000);
const sha256 = createHash('sha256').update(content).digest('hex');
const certificates = makeCertificates(folder);
const pem = (path: string) => readFileSync(path, 'utf8');

const plain = new FileServer();
const secure = new FileServer({ key: pem(certificates.key), cert: pem(certificates.certificate) });
/** Something of the host that must not be reached. */
const inner = new FileServer();
let ports: { plain: number; secure: number; inner: number };

beforeAll(async () => {
  ports = { plain: await plain.listen('127.0.0.1'), secure: await secure.listen('127.0.0.1'), inner: await inner.listen('127.0.0.2') };
});
afterAll(() => [plain, secure, inner].forEach((server) => server.close()));
beforeEach(() => [plain, secure, inner].forEach((server) => server.asked.splice(0)));

let pauses: number[] = [];
beforeEach(() => (pauses = []));
const addresses: Record<string, string[]> = { localhost: ['127.0.0.1'], 'public.test': ['127.0.0.1'], 'mixed.test': ['8.8.8.8', '127.0.0.1'] };
const world: FetchWorld = {
  resolve: async (host) => addresses[host] ?? Promise.reject(Object.assign(new Error(host), { code: 'ENOTFOUND' })),
  ca: pem(certificates.ca),
  pause: async (ms) => void pauses.push(ms),
};
const rules: FetchRules = {
  hosts: ['public.test', 'mixed.test', 'nowhere.test', '169.254.169.254', '[::1]', '::1'],
  privateHosts: ['localhost'],
  http: true,
  ...{ fileMib: 1, idleSeconds: 5, totalSeconds: 60 },
};

const get = (url: string, options: Partial<FetchOptions> = {}, more: Partial<FetchRules> = {}, outside = world) =>
  fetchImageIn(outside)(url, target, { ...rules, ...more }, { sha256: null, ...options });
const here = (path = '/disk.qcow2') => `http://localhost:${ports.plain}${path}`;
const refusal = (code: string) => expect.objectContaining({ name: 'ImageRefusedError', code });
const left = () => readdirSync(folder).filter((name) => name.endsWith('.part'));

describe('fetching an image', () => {
  it.each([
    ['https', () => `https://localhost:${ports.secure}/images/disk%20one.qcow2?x=1`, secure],
    ['http inside', () => here('/images/disk%20one.qcow2'), plain],
  ])('by %s: the whole file, its sum, its name, with progress', async (_, url, server) => {
    server.answer = serving(content);
    const told: { bytes: number; totalBytes: number | null }[] = [];
    const fetched = await get(url(), { sha256, progress: (received) => told.push(received) });
    expect(fetched).toEqual({ sha256, sizeBytes: content.length, name: 'disk one.qcow2' });
    expect(readFileSync(target).equals(content)).toBe(true);
    expect(told.at(-1)).toEqual({ bytes: content.length, totalBytes: content.length });
    expect(left()).toEqual([]);
  });

  it('goes on where the connection broke, and only with the same file', async () => {
    const cuts = [100_000, 50_000, null];
    const serve = serving(content, { cutAt: () => cuts.shift() ?? null, held: true });
    let cut = () => undefined as unknown;
    plain.answer = (request, response) => {
      cut = () => plain.asked.length < 3 && response.destroy();
      serve(request, response);
    };
    // Cut once something of it has arrived.
    await expect(get(here(), { sha256, progress: () => cut() })).resolves.toMatchObject({ sha256 });
    const ranges = plain.asked.map(({ headers }) => [headers.range, headers['if-range']]);
    expect(ranges[0]).toEqual([undefined, undefined]);
    expect(ranges.slice(1).every(([range, mark]) => /^bytes=[1-9]\d*-$/.test(String(range)) && mark === '"a"')).toBe(true);
    expect(plain.asked.length).toBe(3);
  });

  it('begins anew when the file changed meanwhile, or cannot be known again', async () => {
    const before = serving(randomBytes(300_000), { cutAt: () => 100_000, mark: '"before"' });
    for (const first of [before, serving(content, { cutAt: () => 100_000, mark: null }), serving(content, { cutAt: () => 9, mark: 'W/"x"' })]) {
      plain.answer = (request, response) => {
        first(request, response);
        plain.answer = serving(content);
      };
      await expect(get(here(), { sha256 })).resolves.toMatchObject({ sha256 });
    }
  });

  it('is not misled by a part that begins elsewhere', async () => {
    let times = 0;
    plain.answer = (request, response) => {
      if (++times === 1) return serving(content, { cutAt: () => 100_000 })(request, response);
      if (times > 2) return serving(content)(request, response);
      return void response.writeHead(206, { 'content-range': 'bytes 7-299999/300000' }).end(content.subarray(7));
    };
    await expect(get(here(), { sha256 })).resolves.toMatchObject({ sha256 });
    expect(times).toBe(3);
  });

  it('gives up after five tries without anything new, each later than the last', async () => {
    plain.answer = (_, response) => response.writeHead(503).end();
    await expect(get(here())).rejects.toEqual(refusal('SERVER_UNREACHABLE'));
    expect(pauses).toEqual([1000, 2000, 4000, 8000]);
    expect(left()).toEqual([]);
  });

  it('gives up on a server that says nothing more', async () => {
    plain.answer = (_, response) => void response.writeHead(200, { 'content-length': 99 }).write('begun');
    await expect(get(here(), {}, { idleSeconds: 0.1 })).rejects.toEqual(refusal('SERVER_UNREACHABLE'));
    await expect(get(here(), {}, { totalSeconds: 0.2 })).rejects.toEqual(refusal('SERVER_UNREACHABLE'));
  });

  it.each([404, 403, 401, 204, 304])('takes status %i for a no', async (status) => {
    plain.answer = (_, response) => response.writeHead(status).end();
    await expect(get(here())).rejects.toEqual(refusal('SERVER_REFUSED'));
    expect(plain.asked.length).toBe(1);
  });

  it('refuses what is too large, announced or not, and keeps nothing', async () => {
    const large = Buffer.alloc(1048577);
    plain.answer = serving(large);
    await expect(get(here())).rejects.toEqual(refusal('TOO_LARGE'));
    plain.answer = (_, response) => response.writeHead(200).end(large);
    await expect(get(here())).rejects.toEqual(refusal('TOO_LARGE'));
    expect(left()).toEqual([]);
  });

  it('refuses another sum, a coded answer, and a server whose certificate does not hold', async () => {
    plain.answer = serving(content);
    await expect(get(here(), { sha256: '0'.repeat(64) })).rejects.toEqual(refusal('CHECKSUM_MISMATCH'));
    plain.answer = (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('x');
    await expect(get(here())).rejects.toEqual(refusal('SERVER_REFUSED'));
    const url = `https://localhost:${ports.secure}/x`;
    await expect(get(url, {}, {}, { ...world, ca: pem(certificates.otherCa) })).rejects.toEqual(refusal('SERVER_UNTRUSTED'));
    expect(secure.asked).toEqual([]);
  });

  it('ends when it is told to and leaves nothing', async () => {
    plain.answer = (_, response) => void response.writeHead(200).write('begun');
    const abort = new AbortController();
    const why = new Error('no longer wanted');
    await expect(get(here(), { signal: abort.signal, progress: () => abort.abort(why) })).rejects.toBe(why);
    expect(left()).toEqual([]);
  });
});

describe('what must not be reached', () => {
  it.each([
    ['a name that leads to loopback', () => `https://public.test:${ports.secure}/`, 'ADDRESS_NOT_ALLOWED'],
    ['a name of which one address does', () => `https://mixed.test:${ports.secure}/`, 'ADDRESS_NOT_ALLOWED'],
    ['the address where clouds tell secrets', () => 'https://169.254.169.254/latest/meta-data', 'ADDRESS_NOT_ALLOWED'],
    ['loopback by its number', () => `https://[::1]:${ports.secure}/`, 'ADDRESS_NOT_ALLOWED'],
    ['a host that nobody named', () => `http://127.0.0.2:${ports.inner}/`, 'URL_NOT_ALLOWED'],
    ['no host at all', () => 'https://nowhere.test/', 'HOST_UNKNOWN'],
  ])('%s', async (_, url, code) => {
    await expect(get(url())).rejects.toEqual(refusal(code));
    expect([...secure.asked, ...inner.asked]).toEqual([]);
  });

  it.each([
    ['to where clouds tell secrets', () => 'http://169.254.169.254/latest/meta-data', 'URL_NOT_ALLOWED'],
    ['there by https', () => 'https://169.254.169.254/latest/meta-data', 'ADDRESS_NOT_ALLOWED'],
    ['to another server of this host', () => `http://127.0.0.2:${ports.inner}/`, 'URL_NOT_ALLOWED'],
    ['to a file', () => 'file:///etc/passwd', 'URL_NOT_ALLOWED'],
    ['round and round', () => here('/again'), 'TOO_MANY_REDIRECTS'],
  ])('a redirect %s', async (_, to, code) => {
    plain.answer = (__, response) => response.writeHead(302, { location: to() }).end();
    await expect(get(here())).rejects.toEqual(refusal(code));
    expect(inner.asked).toEqual([]);
    expect(plain.asked.length).toBe(code === 'TOO_MANY_REDIRECTS' ? 6 : 1);
  });

  it('a redirect to an allowed place is followed, and resumed from the start', async () => {
    const cuts = [100_000, null];
    plain.answer = (request, response) =>
      request.url === '/a' ? response.writeHead(307, { location: '/b/disk.vmdk' }).end() : serving(content, { cutAt: () => cuts.shift() ?? null })(request, response);
    await expect(get(here('/a'))).resolves.toEqual({ sha256, sizeBytes: content.length, name: 'disk.vmdk' });
    expect(plain.asked.map(({ url }) => url)).toEqual(['/a', '/b/disk.vmdk', '/a', '/b/disk.vmdk']);
  });

  it('a name service that answers otherwise the second time is not asked a second time', async () => {
    plain.answer = serving(content);
    const answers = [['127.0.0.1'], ['127.0.0.2']];
    const rebinding = { ...world, resolve: async () => answers.shift() ?? [] };
    await expect(get(here(), { sha256 }, {}, rebinding)).resolves.toMatchObject({ sha256 });
    expect(answers).toEqual([['127.0.0.2']]);
    // At the next connection it is judged anew.
    const worse = { ...world, resolve: async () => ['169.254.169.254'] };
    await expect(get(here(), {}, {}, worse)).rejects.toEqual(refusal('ADDRESS_NOT_ALLOWED'));
  });

  it('no proxy of the environment is used', async () => {
    plain.answer = serving(content);
    process.env['http_proxy'] = process.env['HTTP_PROXY'] = `http://127.0.0.2:${ports.inner}`;
    try {
      await expect(get(here(), { sha256 })).resolves.toMatchObject({ sha256 });
    } finally {
      delete process.env['http_proxy'];
      delete process.env['HTTP_PROXY'];
    }
    expect(inner.asked).toEqual([]);
  });
});

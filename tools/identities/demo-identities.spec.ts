import { ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ENTRY = resolve(__dirname, '../demo-identities.ts');
const PEOPLE = resolve(__dirname, '../../config/demo/people.yaml');

/** A browser's cookies and manual redirects, on one host. */
class Browser {
  private readonly cookies = new Map<string, string>();

  async fetch(url: string, init: RequestInit = {}): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, { redirect: 'manual', ...init, headers: { ...init.headers, Cookie: cookie } });
    for (const line of answer.headers.getSetCookie()) {
      const pair = line.split(';', 1)[0] ?? '';
      const [name, value] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return answer;
  }
}

describe('the demo identity provider', () => {
  const dir = mkdtempSync(join(tmpdir(), 'beamdesk-identities-'));
  const secret = 's'.repeat(40);
  let port: number;
  let origin: string;
  let env: Record<string, string>;
  let child: ChildProcess;

  beforeAll(async () => {
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    ({ port } = server.address() as AddressInfo);
    await new Promise((closed) => server.close(closed));
    origin = `http://localhost:${port}`;
    writeFileSync(join(dir, 'secret'), secret, { mode: 0o600 });
    env = {
      OIDC_LISTEN: `127.0.0.1:${port}`,
      PUBLIC_URL: origin,
      OIDC_CLIENT_ID: 'beamdesk',
      OIDC_CLIENT_SECRET_FILE: join(dir, 'secret'),
      OIDC_KEYS_FILE: join(dir, 'keys.json'),
      DEMO_PEOPLE_FILE: PEOPLE,
    };
    await start();
  });
  afterAll(async () => {
    await stop();
    rmSync(dir, { recursive: true, force: true });
  });

  async function start(): Promise<void> {
    child = spawn(process.execPath, [ENTRY], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    await new Promise<void>((ready, failed) => {
      child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()).includes('listens on') && ready());
      child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
      child.once('exit', (code) => failed(new Error(`ended with ${code}: ${output}`)));
    });
  }

  async function stop(): Promise<void> {
    if (child.exitCode !== null) return;
    const ended = new Promise((done) => child.once('exit', done));
    child.kill('SIGTERM');
    await ended;
  }

  /** As far as the sign-in page; its address. */
  async function leave(browser: Browser, verifier: string): Promise<string> {
    const query = new URLSearchParams({
      client_id: 'beamdesk',
      response_type: 'code',
      scope: 'openid profile email',
      redirect_uri: `${origin}/api/auth/callback`,
      state: 'st',
      nonce: 'no',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    });
    return new URL((await browser.fetch(`${origin}/oidc/auth?${query}`)).headers.get('location') ?? '', origin).href;
  }

  /** Clicks on a person; the address of the callback. */
  async function choose(browser: Browser, page: string, body: string): Promise<URL> {
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
    let next = (await browser.fetch(page, { method: 'POST', body, headers: form })).headers.get('location');
    for (let hops = 0; next && !next.includes('/api/auth/callback') && hops < 4; hops++) {
      next = (await browser.fetch(next)).headers.get('location');
    }
    return new URL(next ?? '', origin);
  }

  async function redeem(callback: URL, verifier: string): Promise<Record<string, unknown>> {
    const answer = await fetch(`${origin}/oidc/token`, {
      method: 'POST',
      headers: { Authorization: `Basic ${btoa(`beamdesk:${secret}`)}` },
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code: callback.searchParams.get('code') ?? '',
        redirect_uri: `${origin}/api/auth/callback`,
        code_verifier: verifier,
      }),
    });
    const { id_token } = (await answer.json()) as { id_token: string };
    return JSON.parse(Buffer.from(id_token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
  }

  it('is an issuer below PUBLIC_URL whatever host the request names', async () => {
    const metadata = (await (
      await fetch(`http://127.0.0.1:${port}/oidc/.well-known/openid-configuration`)
    ).json()) as Record<string, string>;
    expect(metadata['issuer']).toBe(`${origin}/oidc`);
    expect(metadata['token_endpoint']).toBe(`${origin}/oidc/token`);
    expect(metadata['end_session_endpoint']).toBe(`${origin}/oidc/session/end`);
  });

  it('shows every demo person as a button and signs in whoever is clicked', async () => {
    const browser = new Browser();
    const verifier = randomBytes(32).toString('base64url');
    const page = await leave(browser, verifier);
    const html = await (await browser.fetch(page)).text();
    expect(html.match(/<button name="person"/g)).toHaveLength(6);
    expect(html).toContain('<strong>Ada Okafor</strong>');
    const callback = await choose(browser, page, 'person=ada');
    expect(callback.searchParams.get('state')).toBe('st');
    const claims = await redeem(callback, verifier);
    expect(claims).toMatchObject({ sub: 'demo|ada', name: 'Ada Okafor', nonce: 'no', iss: `${origin}/oidc`, aud: 'beamdesk' });
  });

  it('takes a cancelled sign-in back with access_denied', async () => {
    const browser = new Browser();
    const callback = await choose(browser, await leave(browser, 'v'.repeat(43)), 'cancel=yes');
    expect(callback.searchParams.get('error')).toBe('access_denied');
  });

  it('shows nothing to somebody who did not begin that sign-in', async () => {
    const page = await leave(new Browser(), 'v'.repeat(43));
    const answer = await new Browser().fetch(page, { method: 'POST', body: 'person=farid' });
    expect(answer.status).toBe(400);
  });

  it('ends its session without another click, and goes back to the portal', async () => {
    const browser = new Browser();
    const verifier = randomBytes(32).toString('base64url');
    await choose(browser, await leave(browser, verifier), 'person=bo');
    expect(await leave(browser, verifier)).toContain('/api/auth/callback');
    const query = new URLSearchParams({ client_id: 'beamdesk', post_logout_redirect_uri: `${origin}/` });
    const html = await (await browser.fetch(`${origin}/oidc/session/end?${query}`)).text();
    expect(html).toMatch(/<script>document\.getElementById\('op\.logoutForm'\)\.requestSubmit/);
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(html)?.[1] ?? '';
    const answer = await browser.fetch(`${origin}/oidc/session/end/confirm`, {
      method: 'POST',
      body: new URLSearchParams({ xsrf, logout: 'yes' }),
    });
    expect(answer.headers.get('location')).toBe(`${origin}/`);
    expect(await leave(browser, verifier)).toContain('/oidc/interaction/');
  });

  it('keeps its keys over a restart, in a file that only it reads', async () => {
    const jwks = async () => (await fetch(`${origin}/oidc/jwks`)).text();
    const before = await jwks();
    await stop();
    await start();
    expect(await jwks()).toBe(before);
    expect(before).not.toContain('"d"');
    expect(statSync(join(dir, 'keys.json')).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['https://portal.example.org', /PUBLIC_URL names portal\.example\.org: demo identities let anybody in/],
    ['http://localhost.example.org:8080', /demo identities let anybody in/],
  ])('refuses to run as %s', (publicUrl, reason) => {
    const run = spawnSync(process.execPath, [ENTRY], { env: { ...env, PUBLIC_URL: publicUrl }, encoding: 'utf8', timeout: 10_000 });
    expect(run.status).toBe(1);
    expect(run.stderr).toMatch(reason);
    expect(run.stderr.trim().split('\n')).toHaveLength(1);
  });
});

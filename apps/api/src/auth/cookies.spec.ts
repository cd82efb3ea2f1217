import { request } from 'node:http';
import { createTestApp, TestApp } from '../../test/app/test-app';

/** A request as a proxy in front hands it on; fetch cannot set Host. */
function raw(port: number, path: string, headers: Record<string, string>): Promise<{ status: number; cookies: string[]; headers: NodeJS.Dict<string | string[]> }> {
  return new Promise((done, failed) => {
    request({ host: '127.0.0.1', port, path, headers, agent: false }, (answer) => {
      answer.resume();
      done({ status: answer.statusCode ?? 0, cookies: answer.headers['set-cookie'] ?? [], headers: answer.headers });
    })
      .on('error', failed)
      .end();
  });
}

describe('cookies', () => {
  describe('on https', () => {
    let portal: TestApp;
    beforeAll(async () => (portal = await createTestApp({ env: { PUBLIC_URL: 'https://portal.example.org' } })));
    afterAll(() => portal?.close());

    const ask = (path: string, headers: Record<string, string> = {}) =>
      raw(portal.config.listen.port, path, { Host: 'portal.example.org', ...headers });

    it.each(['/api/session', '/api/auth/sign-in'])('of %s are Secure, HttpOnly, Lax and bound to this host', async (path) => {
      const { cookies } = await ask(path);
      expect(cookies).toHaveLength(1);
      expect(cookies[0]).toMatch(/^__Host-beamdesk/);
      for (const flag of ['HttpOnly', 'Secure', 'SameSite=Lax', 'Path=/']) expect(cookies[0]).toMatch(new RegExp(`; ${flag}(;|$)`));
      expect(cookies[0]).not.toMatch(/Domain=/i);
    });

    it('do not depend on what a header says of the scheme', async () => {
      for (const proto of ['http', 'https']) {
        const { cookies } = await ask('/api/session', { 'X-Forwarded-Proto': proto, 'X-Forwarded-Host': 'evil.example' });
        expect(cookies[0]).toMatch(/; Secure/);
      }
    });

    it('come with HSTS, and the callback is at PUBLIC_URL whatever a header says', async () => {
      const answer = await ask('/api/auth/sign-in', { 'X-Forwarded-Host': 'evil.example' });
      expect(answer.headers['strict-transport-security']).toMatch(/max-age=31536000/);
      const callback = new URL(String(answer.headers['location'])).searchParams.get('redirect_uri');
      expect(callback).toBe('https://portal.example.org/api/auth/callback');
    });

    it('are given to no other host', async () => {
      const answer = await raw(portal.config.listen.port, '/api/session', { Host: 'evil.example' });
      expect([answer.status, answer.cookies]).toEqual([421, []]);
    });
  });

  describe('on loopback', () => {
    let portal: TestApp;
    beforeAll(async () => (portal = await createTestApp()));
    afterAll(() => portal?.close());

    it('are HttpOnly and Lax, without Secure, and end with the browser', async () => {
      const { port } = portal.config.listen;
      const { cookies } = await raw(port, '/api/session', { Host: `localhost:${port}` });
      expect(cookies[0]).toMatch(/^beamdesk=s%3A[^;]+; Path=\/; HttpOnly; SameSite=Lax$/);
    });
  });
});

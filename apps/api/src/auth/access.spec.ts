import { TestBrowser } from '../../test/app/browser';
import { createTestApp, TestApp } from '../../test/app/test-app';
import { LoginSessions } from './login-sessions';

describe('access', () => {
  let portal: TestApp;
  beforeAll(async () => (portal = await createTestApp()));
  afterAll(() => portal?.close());

  const accept = (browser: TestBrowser, headers: Record<string, string> = {}) =>
    browser.send('POST', '/api/conditions/acceptance', { version: '1' }, headers);

  describe('of a request that changes something', () => {
    let browser: TestBrowser;
    beforeAll(async () => ({ browser } = await portal.signedIn('ada')));

    it('is granted with the token and our origin', async () => expect((await accept(browser)).status).toBe(204));

    it('is granted without Origin when the browser says the request is ours', async () => {
      const { csrfToken } = (await browser.get('/api/session')).body as { csrfToken: string };
      const headers = { 'X-CSRF-Token': csrfToken, 'Sec-Fetch-Site': 'same-origin' };
      expect((await browser.request('POST', '/api/conditions/acceptance', { version: '1' }, headers)).status).toBe(204);
    });

    it.each([
      ['another origin', { Origin: 'https://evil.example' }],
      ['the null origin', { Origin: 'null' }],
      ['our host by another scheme', { Origin: 'https://localhost' }],
      ['a page of another site', { 'Sec-Fetch-Site': 'cross-site' }],
      ['a page of a sister site', { 'Sec-Fetch-Site': 'same-site' }],
    ])('is refused from %s', async (_what, headers) => {
      expect(await accept(browser, headers)).toMatchObject({ status: 403, body: { code: 'WRONG_ORIGIN' } });
    });

    it('is refused when nothing says where it comes from', async () => {
      const { csrfToken } = (await browser.get('/api/session')).body as { csrfToken: string };
      const answer = await browser.request('POST', '/api/conditions/acceptance', { version: '1' }, { 'X-CSRF-Token': csrfToken });
      expect(answer).toMatchObject({ status: 403, body: { code: 'WRONG_ORIGIN' } });
    });

    it.each([
      ['no token', undefined],
      ['an empty token', ''],
      ['a wrong token', 'x'.repeat(43)],
    ])('is refused with %s', async (_what, token) => {
      const headers = { Origin: portal.url, ...(token === undefined ? {} : { 'X-CSRF-Token': token }) };
      const answer = await browser.request('POST', '/api/conditions/acceptance', { version: '1' }, headers);
      expect(answer).toMatchObject({ status: 403, body: { code: 'CSRF' } });
    });

    it("is refused with another person's token", async () => {
      const { browser: other } = await portal.signedIn('bo');
      const { csrfToken } = (await other.get('/api/session')).body as { csrfToken: string };
      expect(await accept(browser, { 'X-CSRF-Token': csrfToken })).toMatchObject({ status: 403, body: { code: 'CSRF' } });
    });
  });

  describe('of a person', () => {
    it('ends the moment the role expires', async () => {
      const { browser, userId } = await portal.signedIn('carl');
      const sessions = portal.app.get(LoginSessions);
      const { person } = await sessions.resolve(browser.cookies());
      expect((await browser.get('/api/conditions')).status).toBe(200);
      await portal.dataSource.query(`UPDATE authorisation SET expires_at = now() - interval '1 second' WHERE user_id = $1`, [userId]);
      expect(await browser.get('/api/conditions')).toMatchObject({ status: 403, body: { code: 'NOT_AUTHORISED' } });
      expect(await sessions.recheck(person?.loginSid ?? '')).toEqual({ person: null, refusal: 'NOT_AUTHORISED' });
    });

    it('ends when the login session was idle too long', async () => {
      const { browser, userId } = await portal.signedIn('dora');
      await portal.dataSource.query(`UPDATE login_session SET expire = now() - interval '1 second' WHERE user_id = $1`, [userId]);
      expect(await browser.get('/api/conditions')).toMatchObject({ status: 401, body: { code: 'NOT_SIGNED_IN' } });
    });

    it('ends at the absolute limit, however busy', async () => {
      const { browser, userId } = await portal.signedIn('emil');
      const limit = portal.config.loginSession.absoluteMs;
      await portal.dataSource.query(
        `UPDATE login_session SET sess = jsonb_set(sess::jsonb, '{signedInAt}', to_jsonb($2::bigint)) WHERE user_id = $1`,
        [userId, Date.now() - limit - 1000],
      );
      await browser.get('/api/conditions');
      expect((await browser.get('/api/conditions')).status).toBe(401);
    });

    it('moves the idle limit on with every request, and with work at a desktop', async () => {
      const { browser, userId } = await portal.signedIn('fay');
      const left = async () => {
        const rows = await portal.dataSource.query<{ ms: string }[]>(
          'SELECT extract(epoch FROM expire - now()) * 1000 AS ms FROM login_session WHERE user_id = $1',
          [userId],
        );
        return Number(rows[0]?.ms);
      };
      const shorten = () => portal.dataSource.query(`UPDATE login_session SET expire = now() + interval '1 minute' WHERE user_id = $1`, [userId]);
      await shorten();
      const { person } = await portal.app.get(LoginSessions).resolve(browser.cookies());
      expect(await left()).toBeLessThan(61_000);
      await portal.app.get(LoginSessions).touch(person?.loginSid ?? '');
      expect(await left()).toBeGreaterThan(portal.config.loginSession.idleMs - 5000);
      await shorten();
      await browser.get('/api/conditions');
      expect(await left()).toBeGreaterThan(portal.config.loginSession.idleMs - 5000);
    });
  });

  describe('outside HTTP', () => {
    it('knows the person behind a cookie, and names the login session by a hash', async () => {
      const { browser, userId } = await portal.signedIn('gus', ['STAFF', 'ADMIN']);
      const { person } = await portal.app.get(LoginSessions).resolve(browser.cookies());
      expect(person).toMatchObject({
        id: userId,
        roles: ['ADMIN', 'STAFF'],
        catalogueAccounts: [{ catalogue: 'demo', name: 'gus', groups: [] }],
      });
      expect(person?.loginSid).toMatch(/^[0-9a-f]{64}$/);
      expect(decodeURIComponent(browser.cookies())).not.toContain(person?.loginSid);
    });

    it.each([
      ['no cookie', () => undefined],
      ['an unsigned cookie', (cookie: string) => cookie.replace(/\.[^.]*$/, '')],
      ['a cookie with another signature', (cookie: string) => cookie.replace(/\.[^.]*$/, '.AAAA')],
      ['another cookie', () => 'other=1; beamdesk'],
    ])('knows nobody by %s', async (_what, change) => {
      const { browser } = await portal.signedIn(`h${Math.random()}`);
      expect(await portal.app.get(LoginSessions).resolve(change(browser.cookies()))).toEqual({
        person: null,
        refusal: 'NOT_SIGNED_IN',
      });
    });

    it('asks for the conditions too', async () => {
      const { identity } = await portal.person('ivy');
      const browser = portal.browser();
      await browser.signIn(identity);
      expect((await portal.app.get(LoginSessions).resolve(browser.cookies())).refusal).toBe('CONDITIONS_NOT_ACCEPTED');
    });
  });
});

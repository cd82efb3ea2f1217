import { Client } from 'pg';
import { createTestApp, TestApp } from '../../test/app/test-app';
import { LoginSessions } from './login-sessions';

describe('sign-out', () => {
  let portal: TestApp;
  beforeAll(async () => (portal = await createTestApp()));
  afterAll(() => portal?.close());

  it('ends the session here, tells every process, and leads to the end of the one at the provider', async () => {
    const { browser } = await portal.signedIn('ada');
    const cookies = browser.cookies();
    const { person } = await portal.app.get(LoginSessions).resolve(cookies);
    const { host, port, user, database, password } = portal.config.database;
    const listener = new Client({ host, port, user, database, password: password?.reveal() });
    await listener.connect();
    await listener.query('LISTEN beamdesk_session');
    const told = new Promise((heard) => listener.once('notification', ({ payload }) => heard(payload)));

    const answer = await browser.send('POST', '/api/auth/sign-out');
    expect(answer.status).toBe(200);
    expect(await told).toBe(person?.loginSid);
    await listener.end();

    const { redirect } = answer.body as { redirect: string };
    const url = new URL(redirect);
    expect(url.origin + url.pathname).toBe(`${portal.provider.issuer}/session/end`);
    // No id_token_hint: no token reaches the browser.
    expect(Object.fromEntries(url.searchParams)).toEqual({ client_id: 'beamdesk', post_logout_redirect_uri: `${portal.url}/` });

    expect(browser.cookies()).toBe('');
    const thief = portal.browser();
    thief.setCookie('beamdesk', cookies.slice('beamdesk='.length));
    expect((await thief.get('/api/conditions')).status).toBe(401);
    expect((await portal.app.get(LoginSessions).recheck(person?.loginSid ?? '')).refusal).toBe('NOT_SIGNED_IN');
  });

  it('is not undone by a request that was on its way', async () => {
    const { browser, userId } = await portal.signedIn('bo');
    const { csrfToken } = (await browser.get('/api/session')).body as { csrfToken: string };
    const leave = browser.request('POST', '/api/auth/sign-out', undefined, { Origin: portal.url, 'X-CSRF-Token': csrfToken });
    await Promise.all([leave, ...Array.from({ length: 10 }, () => browser.get('/api/conditions'))]);
    expect(await portal.dataSource.query('SELECT sid FROM login_session WHERE user_id = $1', [userId])).toEqual([]);
  });

  it('works for somebody who was not signed in, and cannot be caused by another site', async () => {
    expect(await portal.browser().send('POST', '/api/auth/sign-out')).toMatchObject({ status: 200, body: { redirect: '/' } });
    const { browser } = await portal.signedIn('chen');
    expect((await browser.send('POST', '/api/auth/sign-out', undefined, { Origin: 'https://evil.example' })).status).toBe(403);
    expect((await browser.get('/api/conditions')).status).toBe(200);
  });

  it('works while the provider is down', async () => {
    const { browser } = await portal.signedIn('dana');
    await portal.provider.stop();
    expect((await browser.send('POST', '/api/auth/sign-out')).status).toBe(200);
    expect((await browser.get('/api/conditions')).status).toBe(401);
  });
});

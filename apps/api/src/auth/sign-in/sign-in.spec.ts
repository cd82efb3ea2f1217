import { createTestApp, TestApp } from '../../../test/app/test-app';
import { FakeProvider } from '../../../test/identities/fake-provider';

interface SessionBody {
  user: { id: string; name: string; email: string; roles: string[] } | null;
  authorised: boolean;
  csrfToken: string;
}

describe('sign-in', () => {
  let portal: TestApp;
  beforeAll(async () => (portal = await createTestApp()));
  afterAll(() => portal?.close());

  const who = async (browser: { get(path: string): Promise<{ body: unknown }> }) =>
    (await browser.get('/api/session')).body as SessionBody;

  it('walks through the provider and ends on the page that was asked for', async () => {
    const { identity, userId } = await portal.person('ada');
    const browser = portal.browser();
    const answer = await browser.signIn(identity, '&returnTo=/proposals?search=x');
    expect([answer.status, answer.location]).toEqual([303, '/proposals?search=x']);
    expect(await who(browser)).toMatchObject({
      user: { id: userId, name: 'ada Tester', email: 'ada@test.example', roles: ['USER'] },
      authorised: true,
      conditions: { version: '1', accepted: false },
      demo: false,
      providers: [{ id: 'umbrella', label: 'UmbrellaID (test)' }],
      facility: { name: 'Test facility', contact: 'help@test.example' },
    });
  });

  it('asks the provider for a code with PKCE S256, state and nonce, and for nothing else', async () => {
    const { location } = await portal.browser().get('/api/auth/sign-in');
    const query = Object.fromEntries(new URL(location ?? '').searchParams);
    expect(query).toMatchObject({
      response_type: 'code',
      client_id: 'beamdesk',
      scope: 'openid profile email',
      redirect_uri: `${portal.url}/api/auth/callback`,
      code_challenge_method: 'S256',
    });
    for (const one of ['state', 'nonce', 'code_challenge']) expect(query[one]?.length).toBeGreaterThan(40);
  });

  it('lets in a person without authorisation as far as the page that says so', async () => {
    const { identity } = await portal.person('eve', []);
    const browser = portal.browser();
    await browser.signIn(identity);
    expect(await who(browser)).toMatchObject({ user: { name: 'eve Tester', roles: [] }, authorised: false });
    expect(await browser.get('/api/conditions')).toMatchObject({ status: 403, body: { code: 'NOT_AUTHORISED' } });
  });

  it('knows people by issuer and subject, never by mail', async () => {
    const { userId } = await portal.person('grace');
    const browser = portal.browser();
    await browser.signIn({ sub: 'somebody-else', name: 'grace Tester', email: 'grace@test.example' });
    const session = await who(browser);
    expect(session.user?.id).not.toBe(userId);
    expect(session.authorised).toBe(false);
  });

  it('makes one person of two first sign-ins at once', async () => {
    const identity = { sub: 'twin', name: 'Twin', email: 'twin@test.example' };
    const browsers = [portal.browser(), portal.browser(), portal.browser()];
    await Promise.all(browsers.map((browser) => browser.signIn(identity)));
    const ids = await Promise.all(browsers.map(async (browser) => (await who(browser)).user?.id));
    expect(new Set(ids).size).toBe(1);
    expect(ids[0]).toBeDefined();
  });

  it('lets several tabs of one browser sign in at once, whichever comes back first', async () => {
    const { identity } = await portal.person('hal');
    const browser = portal.browser();
    const callbacks: string[] = [];
    for (const page of ['/one', '/two', '/three']) {
      callbacks.push(await browser.towardsCallback(identity, `&returnTo=${page}`));
    }
    const order = [2, 0, 1].map((i) => callbacks[i] ?? '');
    const landed = [];
    for (const callback of order) landed.push((await browser.get(callback)).location);
    expect(landed).toEqual(['/three', '/one', '/two']);
    expect((await who(browser)).user?.name).toBe('hal Tester');
  });

  it('keeps the login session of a person who signs in again in a second tab', async () => {
    const { browser } = await portal.signedIn('ida');
    const before = browser.cookies();
    const answer = await browser.signIn({ sub: 'ida', name: 'ida Tester' });
    expect(answer.location).toBe('/');
    expect(browser.cookies()).toBe(before);
  });

  it('gives another person of the same browser a session of their own and ends the first', async () => {
    const { browser } = await portal.signedIn('jo');
    const before = browser.cookies();
    const { identity } = await portal.person('kim');
    browser.forgetProvider();
    await browser.signIn(identity);
    expect((await who(browser)).user?.name).toBe('kim Tester');
    const old = portal.browser();
    old.setCookie('beamdesk', before.replace('beamdesk=', ''));
    expect((await who(old)).user).toBeNull();
  });

  it('goes back to the welcome page when the person cancels', async () => {
    const { identity } = await portal.person('leo');
    portal.provider.refuse = 'access_denied';
    const answer = await portal.browser().signIn(identity);
    portal.provider.refuse = null;
    expect([answer.status, answer.location]).toEqual([303, '/welcome?error=SIGN_IN_CANCELLED']);
  });

  it('says that the provider cannot be reached, and works once it can', async () => {
    const fresh = await createTestApp();
    try {
      const { identity } = await fresh.person('max');
      const port = fresh.provider.listenPort;
      await fresh.provider.stop();
      const answer = await fresh.browser().get('/api/auth/sign-in');
      expect([answer.status, answer.location]).toEqual([303, '/welcome?error=SIGN_IN_UNAVAILABLE']);
      expect((await fresh.browser().get('/api/session')).status).toBe(200);

      const again = await FakeProvider.start(fresh.url, 'd'.repeat(64), { port });
      again.people.set(identity.sub, identity);
      fresh.provider.people.set(identity.sub, identity);
      expect((await fresh.browser().signIn(identity)).location).toBe('/');

      // A provider that was restarted has forgotten everything but its keys.
      await again.stop();
      const callback = await fresh.browser().get('/api/auth/callback?code=x&state=y');
      expect(callback.location).toBe('/welcome?error=SIGN_IN_EXPIRED');
      const third = await FakeProvider.start(fresh.url, 'd'.repeat(64), { port });
      third.people.set(identity.sub, identity);
      expect((await fresh.browser().signIn(identity)).location).toBe('/');
      await third.stop();
    } finally {
      await fresh.close();
    }
  });

  it('limits how often one address may try', async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 125; i++) statuses.push((await portal.browser().get('/api/auth/callback')).status);
    expect(statuses).toContain(429);
    const refused = await portal.browser().get('/api/auth/sign-in');
    expect(refused).toMatchObject({ status: 429, body: { code: 'TOO_MANY_REQUESTS' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

import type { TestBrowser } from '../../../test/app/browser';
import { type LinkingBench, linkingBench } from './testing/linking-bench';

describe('adding a way to sign in, by whoever means harm', () => {
  let bench: LinkingBench;

  beforeAll(async () => (bench = await linkingBench()));
  afterAll(() => bench?.close());

  const waysOf = async (browser: TestBrowser) => (await bench.account(browser)).ways.length;
  /** As if the person had proved who they are that long ago. */
  const age = (userId: string, minutes: number) =>
    bench.portal.dataSource.query(
      `UPDATE login_session SET sess = jsonb_set(sess::jsonb, '{provenAt}', to_jsonb((sess ->> 'provenAt')::bigint - $2))::json
       WHERE user_id = $1`,
      [userId, minutes * 60_000],
    );
  const carryCookies = (from: TestBrowser, to: TestBrowser, which: RegExp) => {
    for (const pair of from
      .cookies()
      .split('; ')
      .filter((one) => which.test(one))) {
      to.setCookie(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    }
  };

  it('finishes in no other browser than it began in', async () => {
    const mallory = await bench.portal.signedIn('mallory');
    const victim = await bench.portal.signedIn('victim');
    const callback = await bench.towardsLink(mallory.browser, { sub: 'evil', name: 'Evil' });
    expect((await victim.browser.get(callback)).location).toBe('/welcome?error=SIGN_IN_EXPIRED');
    carryCookies(mallory.browser, victim.browser, /^[^=]*beamdesk-sign-in-/);
    expect((await victim.browser.get(callback)).location).toBe('/account?link=LINK_OTHER_SESSION');
    expect([await waysOf(mallory.browser), await waysOf(victim.browser)]).toEqual([1, 1]);
    expect(await bench.logins('evil')).toBe(0);
  });

  it('takes nobody’s login who is led to the provider by another’s address', async () => {
    const mallory = await bench.portal.signedIn('mallory-2');
    const { redirect } = (await bench.startLink(mallory.browser)).body as { redirect: string };
    const victim = bench.at('keycloak');
    const callback = await victim.follow(redirect, { sub: 'lured', name: 'Lured' });
    expect((await victim.get(callback)).location).toBe('/welcome?error=SIGN_IN_EXPIRED');
    expect(await bench.logins('lured')).toBe(0);
  });

  it('finishes once', async () => {
    const { browser, userId } = await bench.portal.signedIn('nora');
    const callback = await bench.towardsLink(browser, { sub: 'nora-2', name: 'N.' });
    const cookies = browser.cookies();
    expect((await browser.get(callback)).location).toBe('/account?link=LINKED');
    expect((await browser.get(callback)).location).toBe('/welcome?error=SIGN_IN_EXPIRED');
    for (const pair of cookies.split('; '))
      browser.setCookie(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    // With its cookie put back the provider still knows that the code was used.
    expect((await browser.get(callback)).location).toBe('/account?link=SIGN_IN_FAILED');
    expect(await bench.audit(userId)).toHaveLength(1);
  });

  it('is nobody’s where somebody else signed in at the browser meanwhile', async () => {
    const { browser } = await bench.portal.signedIn('olga');
    const callback = await bench.towardsLink(browser, { sub: 'olga-2', name: 'O.' });
    const { identity, userId } = await bench.portal.person('pete');
    browser.forgetProvider();
    await browser.signIn(identity);
    expect(await bench.who(browser)).toBe(userId);
    expect((await browser.get(callback)).location).toBe('/account?link=LINK_OTHER_SESSION');
    expect([await waysOf(browser), await bench.logins('olga-2')]).toEqual([1, 0]);
  });

  it('does not go on after a sign-out, and signs nobody in', async () => {
    const { browser } = await bench.portal.signedIn('quinn');
    const callback = await bench.towardsLink(browser, { sub: 'quinn-2', name: 'Q.' });
    await browser.send('POST', '/api/auth/sign-out');
    expect((await browser.get(callback)).location).toBe('/account?link=LINK_OTHER_SESSION');
    expect([await bench.who(browser), await bench.logins('quinn-2')]).toEqual([null, 0]);
  });

  it('is no sign-in, and a sign-in adds nothing', async () => {
    const { browser, userId } = await bench.portal.signedIn('rosa');
    const second = { sub: 'rosa-2', name: 'R.' };
    const callback = await bench.towardsLink(browser, second);
    const before = browser.cookies();
    await browser.get(callback);
    expect([await bench.who(browser), browser.cookies().split('; ')[0]]).toEqual([userId, before.split('; ')[0]]);
    const third = bench.at('keycloak');
    await third.signIn({ sub: 'rosa-3', name: 'R.' });
    expect([await waysOf(browser), await bench.who(third)]).toEqual([2, expect.not.stringMatching(userId)]);
  });

  it('begins by a page of ours alone, with the token of its session', async () => {
    const { browser } = await bench.portal.signedIn('sven');
    const ways: [string, unknown][] = [
      ['/api/account/ways', { provider: 'keycloak' }],
      ['/api/account/ways/password', { name: 'engineer', password: 'x' }],
      ['/api/account/ways/removal', { id: '22222222-2222-4222-8222-222222222222' }],
    ];
    for (const [path, body] of ways) {
      for (const [name, value] of [
        ['Origin', 'https://evil.example'],
        ['X-CSRF-Token', 'x'],
      ] as const) {
        expect((await browser.send('POST', path, body, { [name]: value })).status).toBe(403);
      }
      expect((await browser.get(path)).status).toBe(404);
    }
  });

  it('waits for a fresh sign-in where the last one is long ago', async () => {
    const { browser, userId } = await bench.portal.signedIn('tess');
    await bench.link(browser, { sub: 'tess-2', name: 'T.' });
    const { ways } = await bench.account(browser);
    await age(userId, 11);
    expect((await bench.account(browser)).changesUntil).toBeNull();
    const answers = [
      await bench.startLink(browser),
      await bench.addByPassword(browser, 'engineer'),
      await bench.remove(browser, ways[1]?.id),
    ];
    for (const { status, body } of answers) expect([status, body]).toMatchObject([403, { code: 'SIGN_IN_NOT_RECENT' }]);
    await browser.signIn({ sub: 'tess', name: 'tess Tester' }, '&fresh=1&returnTo=/account');
    expect((await bench.remove(browser, ways[1]?.id)).status).toBe(200);
  });

  it('believes no sign-in to be fresh that the provider did long ago, whatever the browser left out', async () => {
    const { identity } = await bench.portal.person('ute');
    const { provider } = bench.portal;
    provider.secondsAgo = 3600;
    const browser = bench.portal.browser();
    await browser.signIn(identity);
    provider.secondsAgo = 0;
    expect((await bench.account(browser)).changesUntil).toBeNull();
    // Still signed in there: it tells when that was, and where the question is left out it tells nothing.
    const strip = (request: URL) => ['max_age', 'prompt'].forEach((name) => request.searchParams.delete(name));
    const callback = await browser.towardsCallback(identity, '&fresh=1', strip);
    expect((await browser.get(callback)).location).toBe('/');
    expect((await bench.startLink(browser)).body).toMatchObject({ code: 'SIGN_IN_NOT_RECENT' });
    await browser.signIn(identity, '&fresh=1');
    expect((await bench.startLink(browser)).status).toBe(200);
  });

  it('takes no login that somebody left open at the provider', async () => {
    const { browser } = await bench.portal.signedIn('vera');
    const { redirect } = (await bench.startLink(browser)).body as { redirect: string };
    const asked = new URL(redirect);
    expect(asked.searchParams.get('prompt')).toBe('login');
    asked.searchParams.delete('prompt');
    asked.searchParams.delete('max_age');
    bench.keycloak.secondsAgo = 3600;
    const callback = await browser.follow(asked.href, { sub: 'left-open', name: 'L.' }, bench.keycloak);
    bench.keycloak.secondsAgo = 0;
    expect((await browser.get(callback)).location).toBe('/account?link=SIGN_IN_NOT_RECENT');
    expect(await bench.logins('left-open')).toBe(0);
  });

  it('says what went wrong at the provider on the person’s own page, and keeps them signed in', async () => {
    const { browser, userId } = await bench.portal.signedIn('will');
    bench.keycloak.refuse = 'access_denied';
    expect(await bench.link(browser, { sub: 'will-2', name: 'W.' })).toBe('/account?link=SIGN_IN_CANCELLED');
    bench.keycloak.refuse = null;
    expect(await bench.who(browser)).toBe(userId);
    const unknown = await browser.send('POST', '/api/account/ways', { provider: 'nowhere' });
    expect(unknown).toMatchObject({ status: 503, body: { code: 'SIGN_IN_UNAVAILABLE' } });
  });
});

import { TestBrowser } from '../../../test/app/browser';
import { createTestApp, TestApp } from '../../../test/app/test-app';
import { FakeIdentity } from '../../../test/identities/fake-provider';

const FAILED = '/welcome?error=SIGN_IN_FAILED';
const EXPIRED = '/welcome?error=SIGN_IN_EXPIRED';

describe('a sign-in somebody tampers with', () => {
  let portal: TestApp;
  let identity: FakeIdentity;
  const browsers: TestBrowser[] = [];

  beforeAll(async () => {
    portal = await createTestApp();
    ({ identity } = await portal.person('ada'));
  });
  afterAll(() => portal?.close());

  const browser = (): TestBrowser => {
    const one = portal.browser();
    browsers.push(one);
    return one;
  };
  const signedIn = async (one: TestBrowser) => ((await one.get('/api/session')).body as { user: unknown }).user !== null;
  const changed = (url: string, change: (query: URLSearchParams) => void): string => {
    const altered = new URL(url);
    change(altered.searchParams);
    return altered.href;
  };

  it.each([
    ['another state', (query: URLSearchParams) => query.set('state', 'x'.repeat(43)), EXPIRED],
    ['no state', (query: URLSearchParams) => query.delete('state'), EXPIRED],
    ['another issuer', (query: URLSearchParams) => query.set('iss', 'https://evil.example'), FAILED],
    ['no issuer', (query: URLSearchParams) => query.delete('iss'), FAILED],
    ['another code', (query: URLSearchParams) => query.set('code', 'x'.repeat(43)), FAILED],
  ])('is refused when it comes back with %s', async (_what, change, location) => {
    const one = browser();
    const callback = changed(await one.towardsCallback(identity), change);
    expect(await one.get(callback)).toMatchObject({ status: 303, location });
    expect(await signedIn(one)).toBe(false);
  });

  it.each([
    ['nonce', 'n'.repeat(43)],
    ['code_challenge', 'c'.repeat(43)],
  ])('is refused when the %s asked for was not ours', async (name, value) => {
    const one = browser();
    const callback = await one.towardsCallback(identity, '', (request) => request.searchParams.set(name, value));
    expect((await one.get(callback)).location).toBe(FAILED);
    expect(await signedIn(one)).toBe(false);
  });

  it('takes an answer once, even when the browser brings its cookies of before', async () => {
    const one = browser();
    const callback = await one.towardsCallback(identity);
    const kept = one.cookies();
    expect((await one.get(callback)).location).toBe('/');
    expect((await one.get(callback)).location).toBe(EXPIRED);

    const thief = browser();
    for (const pair of kept.split('; ')) thief.setCookie(pair.split('=')[0] ?? '', pair.slice(pair.indexOf('=') + 1));
    expect((await thief.get(callback)).location).toBe(FAILED);
    expect(await signedIn(thief)).toBe(false);
  });

  it('cannot be finished in another browser', async () => {
    const callback = await browser().towardsCallback(identity);
    const victim = browser();
    expect((await victim.get(callback)).location).toBe(EXPIRED);
    expect(await signedIn(victim)).toBe(false);
  });

  it('gives the session a new id, and the old one nothing', async () => {
    const one = browser();
    await one.get('/api/session');
    const before = one.cookies();
    expect(before).toMatch(/^beamdesk=s%3A/);
    await one.signIn(identity);
    expect(one.cookies()).not.toBe(before);
    const attacker = browser();
    attacker.setCookie('beamdesk', before.slice('beamdesk='.length));
    expect(await signedIn(attacker)).toBe(false);
  });

  it('accepts no session id it did not make', async () => {
    const one = browser();
    one.setCookie('beamdesk', 's%3Afixated-by-an-attacker.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA');
    await one.signIn(identity);
    expect(one.cookies()).not.toContain('fixated');
    expect(await signedIn(one)).toBe(true);
  });

  it('never leads to another site', async () => {
    const landed: (string | null)[] = [];
    for (const target of ['https://evil.example/', '//evil.example', '/\\evil.example', '/%09/evil.example', 'javascript:alert(1)']) {
      landed.push((await browser().signIn(identity, `&returnTo=${encodeURIComponent(target)}`)).location);
    }
    expect(new Set(landed)).toEqual(new Set(['/', '/%09/evil.example']));
  });

  it('is refused at a provider that is not one of ours', async () => {
    const answer = await browser().get('/api/auth/sign-in?provider=evil');
    expect(answer.location).toBe('/welcome?error=SIGN_IN_UNAVAILABLE');
  });

  it('shows no token and no secret in any answer', () => {
    const secrets = [...portal.provider.tokens, portal.config.sessionSecret.reveal(), ...portal.config.identityProviders.map(({ clientSecret }) => clientSecret.reveal())];
    expect(portal.provider.tokens.length).toBeGreaterThan(5);
    const answers = browsers.flatMap(({ received }) => received).filter((answer) => answer.startsWith('/api/'));
    expect(answers.length).toBeGreaterThan(20);
    for (const secret of secrets) expect(answers.filter((answer) => answer.includes(secret))).toEqual([]);
  });
});

import { createTestApp, TestApp } from '../../../test/app/test-app';
import { LocalAccounts } from './local-accounts';

const ONE_TIME = 'a word for one use';
const OWN = 'correct horse battery';

describe('sign-in with a local account, too often', () => {
  let portal: TestApp;
  beforeAll(async () => (portal = await createTestApp({ env: { LOCAL_ACCOUNTS: 'on' } })));
  afterAll(() => portal?.close());

  const attempt = async (from: string, name: string, password: string, newPassword?: string) => {
    const body = { name, password, ...(newPassword === undefined ? {} : { newPassword }) };
    const answer = await portal.browser().send('POST', '/api/auth/password', body, { 'X-Forwarded-For': from });
    const { code } = (answer.body ?? {}) as { code?: string };
    return { status: answer.status, code: code ?? 'in', retryAfter: Number(answer.headers.get('retry-after')) };
  };

  const times = (n: number, code: string) => Array<string>(n).fill(code);
  const refused = [...times(5, 'WRONG_PASSWORD'), ...times(10, 'SIGN_IN_LOCKED')];

  it('is refused to a network, whatever it tries', async () => {
    const codes: string[] = [];
    for (let i = 0; i < 31; i++) codes.push((await attempt(`2001:db8:1:1::${i}`, 'no name at all', 'x')).code);
    expect(codes).toEqual([...refused, ...times(15, 'SIGN_IN_LOCKED'), 'TOO_MANY_REQUESTS']);
    const again = await attempt('2001:db8:1:1:ffff::9', 'nobody', 'x');
    expect(again).toMatchObject({ status: 429, code: 'TOO_MANY_REQUESTS' });
    expect(again.retryAfter).toBeGreaterThan(0);
    expect(await attempt('2001:db8:1:2::1', 'nobody', 'x')).toMatchObject({ code: 'WRONG_PASSWORD' });
  });

  it('is refused to an account, wherever from and with the right password', async () => {
    const account = { name: 'zoe', displayName: 'Z', email: null, oneTimePassword: ONE_TIME };
    await portal.app.get(LocalAccounts).create(account);
    const codes: string[] = [];
    for (let i = 0; i < 15; i++) codes.push((await attempt(`198.51.100.${i}`, 'zoe', 'x')).code);
    expect(codes).toEqual(refused);
    expect(await attempt('198.51.100.99', 'zoe', ONE_TIME, OWN)).toMatchObject({
      status: 429,
      code: 'TOO_MANY_REQUESTS',
    });
  });
});

describe('local accounts that are off', () => {
  it('let nobody in', async () => {
    const portal = await createTestApp();
    try {
      await portal.app
        .get(LocalAccounts)
        .create({ name: 'grace', displayName: 'G', email: null, oneTimePassword: ONE_TIME });
      const answer = await portal
        .browser()
        .send('POST', '/api/auth/password', { name: 'grace', password: ONE_TIME, newPassword: OWN });
      expect(answer.status).toBe(404);
    } finally {
      await portal.close();
    }
  });
});

import { createTestApp, TestApp } from '../../../test/app/test-app';
import { LocalAccounts } from './local-accounts';
import { LocalSignIn } from './local-sign-in';
import { FREE_TRIES } from './password-attempts';

const ONE_TIME = 'one time for Grace';
const OWN = 'correct horse battery';

describe('sign-in with a local account', () => {
  let portal: TestApp;
  let accounts: LocalAccounts;

  beforeAll(async () => {
    portal = await createTestApp({ env: { LOCAL_ACCOUNTS: 'on', LOCAL_ACCOUNTS_LABEL: 'an engineer’s account' } });
    accounts = portal.app.get(LocalAccounts);
  });
  afterAll(() => portal?.close());

  const make = (name: string) =>
    accounts.create({
      name,
      displayName: `${name} Engineer`,
      email: `${name}@test.example`,
      oneTimePassword: ONE_TIME,
    });
  const own = async (name: string) => {
    await make(name);
    await attempt(name, ONE_TIME, OWN);
  };
  /** Every name tries from a network of its own, so that one test does not use up what addresses are allowed. */
  const addressOf = (name: string) =>
    `2001:db8:0:${Buffer.from(name.trim().toLowerCase()).toString('hex').slice(0, 4)}::1`;
  const attempt = async (
    name: string,
    password: string,
    newPassword?: string,
    browser = portal.browser(),
    from = addressOf(name),
  ) => {
    const body = { name, password, ...(newPassword === undefined ? {} : { newPassword }) };
    const {
      status,
      body: answer,
      headers,
    } = await browser.send('POST', '/api/auth/password', body, { 'X-Forwarded-For': from });
    return {
      status,
      code: (answer as { code?: string } | null)?.code,
      retryAfter: headers.get('retry-after'),
      browser,
    };
  };
  const who = async (browser: ReturnType<TestApp['browser']>) =>
    ((await browser.get('/api/session')).body as { user: { id: string; name: string } | null }).user;

  it('is offered beside the providers', async () => {
    const { body } = await portal.browser().get('/api/session');
    expect(body).toMatchObject({
      providers: [
        { id: 'umbrella', kind: 'redirect' },
        { id: 'local', label: 'an engineer’s account', kind: 'password' },
      ],
    });
  });

  it('takes a one-time password for another, and then no more', async () => {
    expect(await make('grace')).toBe(true);
    expect(await attempt('grace', ONE_TIME)).toMatchObject({ status: 409, code: 'PASSWORD_CHANGE_NEEDED' });
    for (const weak of [ONE_TIME, 'short', 'grace grace grace']) {
      expect(await attempt('grace', ONE_TIME, weak)).toMatchObject({ status: 400, code: 'WEAK_PASSWORD' });
    }
    const { browser, status } = await attempt(' Grace ', ONE_TIME, OWN);
    expect(status).toBe(204);
    expect(await who(browser)).toMatchObject({ name: 'grace Engineer', email: 'grace@test.example', roles: [] });
    expect(await attempt('grace', ONE_TIME, 'another long password')).toMatchObject({
      status: 401,
      code: 'WRONG_PASSWORD',
    });
    expect(await attempt('grace', OWN)).toMatchObject({ status: 204 });
  });

  it('lets in no further than an identity does, and gives the session a new id', async () => {
    await own('alan');
    const browser = portal.browser();
    await browser.get('/api/session');
    const before = browser.cookies();
    await attempt('alan', OWN, undefined, browser);
    expect(browser.cookies()).not.toBe(before);
    expect(await browser.get('/api/conditions')).toMatchObject({ status: 403, body: { code: 'NOT_AUTHORISED' } });
  });

  it('is nobody else’s, whatever the mail or the subject', async () => {
    const { userId } = await portal.person('kim');
    await own('kim');
    const { browser } = await attempt('kim', OWN);
    const user = await who(browser);
    expect(user?.id).toBeDefined();
    expect(user?.id).not.toBe(userId);
  });

  it('refuses an unknown name as it refuses a wrong password, and then locks it as well', async () => {
    await own('ned');
    const answers: Record<string, unknown[]> = { ned: [], nobody: [] };
    for (const [name, seen] of Object.entries(answers)) {
      for (let i = 0; i <= FREE_TRIES; i++) {
        const { status, code, retryAfter } = await attempt(name, 'not the password');
        seen.push([status, code, retryAfter !== null]);
      }
    }
    const wrong = [401, 'WRONG_PASSWORD', false];
    expect(answers['ned']).toEqual([...Array<unknown>(FREE_TRIES).fill(wrong), [429, 'SIGN_IN_LOCKED', true]]);
    expect(answers['nobody']).toEqual(answers['ned']);
    expect(await attempt('ned', OWN)).toMatchObject({ status: 429, code: 'SIGN_IN_LOCKED' });
  });

  it('counts tries at once like those one after the other', async () => {
    await own('pam');
    const browser = portal.browser();
    await browser.get('/api/session');
    const tries = await Promise.all(
      Array.from({ length: 9 }, () => attempt('pam', 'not the password', undefined, browser)),
    );
    expect(tries.filter(({ code }) => code === 'WRONG_PASSWORD')).toHaveLength(FREE_TRIES);
    expect(tries.filter(({ code }) => code === 'SIGN_IN_LOCKED')).toHaveLength(9 - FREE_TRIES);
  });

  it('ends the sessions of an account that is disabled, and tells so only to who knows the password', async () => {
    await own('tom');
    const { browser } = await attempt('tom', OWN);
    expect(await who(browser)).not.toBeNull();
    expect([await accounts.disable('tom'), await accounts.disable('tom')]).toEqual([true, false]);
    expect(await who(browser)).toBeNull();
    expect(await attempt('tom', OWN)).toMatchObject({ status: 403, code: 'ACCOUNT_DISABLED' });
    expect(await attempt('tom', 'not the password')).toMatchObject({ status: 401, code: 'WRONG_PASSWORD' });
    expect(await accounts.enable('tom')).toBe(true);
    expect(await attempt('tom', OWN)).toMatchObject({ status: 204 });
  });

  it('leaves no session to an account that is disabled while it signs in', async () => {
    await own('xia');
    const local = portal.app.get(LocalSignIn);
    const signIn = local.signIn.bind(local);
    jest.spyOn(local, 'signIn').mockImplementationOnce(async (given, from) => {
      const account = await signIn(given, from);
      await accounts.disable('xia');
      return account;
    });
    const { status, code, browser } = await attempt('xia', OWN);
    expect([status, code, await who(browser)]).toEqual([403, 'ACCOUNT_DISABLED', null]);
    const sessions = "SELECT 1 FROM login_session s JOIN identity i USING (user_id) WHERE i.subject = 'xia'";
    expect(await portal.dataSource.query(sessions)).toEqual([]);
  });

  it('ends the sessions of an account whose password was reset or changed', async () => {
    await own('una');
    const first = (await attempt('una', OWN)).browser;
    const second = (await attempt('una', OWN, 'a different long password')).browser;
    expect([await who(first), (await who(second))?.name]).toEqual([null, 'una Engineer']);
    expect(await accounts.reset('una', 'another one-time word')).toBe(true);
    expect(await who(second)).toBeNull();
  });

  it('takes no one-time password that was left too long', async () => {
    await make('vic');
    await portal.dataSource.query(
      "UPDATE local_account SET one_time_until = now() - interval '1 second' WHERE name = 'vic'",
    );
    expect(await attempt('vic', ONE_TIME, OWN)).toMatchObject({ status: 403, code: 'ONE_TIME_PASSWORD_ENDED' });
  });

  it('writes what is done to accounts into the audit, and no password anywhere', async () => {
    const rows = await portal.dataSource.query<{ details: { account: string; what: string } }[]>(
      "SELECT details FROM audit_entry WHERE kind = 'local-account' AND details ->> 'account' = 'tom' ORDER BY id",
    );
    expect(rows.map(({ details }) => details.what)).toEqual(['created', 'password set', 'disabled', 'enabled']);
    const kept = await portal.dataSource.query<{ text: string }[]>(
      'SELECT a::text AS text FROM local_account a UNION ALL SELECT e::text FROM audit_entry e UNION ALL SELECT p::text FROM password_attempts p',
    );
    for (const secret of [OWN, ONE_TIME, 'not the password'])
      expect(kept.filter(({ text }) => text.includes(secret))).toEqual([]);
  });

  it('needs a page of ours and its token', async () => {
    const browser = portal.browser();
    const body = { name: 'grace', password: OWN };
    expect(await browser.send('POST', '/api/auth/password', body, { Origin: 'https://evil.example' })).toMatchObject({
      status: 403,
    });
    expect(await browser.send('POST', '/api/auth/password', body, { 'X-CSRF-Token': 'x' })).toMatchObject({
      status: 403,
    });
    expect(await who(browser)).toBeNull();
  });
});

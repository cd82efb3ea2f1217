import { createDirectoryPortal, type DirectoryPortal, type Tried } from '../../../test/ldap/directory-portal';
import { KIMS_MAILS, PASSWORD, READER, uuidOf } from '../../../test/ldap/directory-content';
import { LocalAccounts } from '../local-accounts/local-accounts';
import { FREE_TRIES } from '../local-accounts/password-attempts';
import { REFUSED_AFTER_MS } from './directory-sign-in';

const WRONG = 'not the password';

describe('sign-in with an LDAP directory', () => {
  let house: DirectoryPortal;
  beforeAll(async () => (house = await createDirectoryPortal()));
  afterAll(() => house?.close());

  const attempt: DirectoryPortal['attempt'] = (...what) => house.attempt(...what);
  const told = ({ status, code, message, retryAfter }: Tried) => [status, code, message, retryAfter];

  it('is offered beside the providers, by name', async () => {
    const { providers } = (await house.portal.browser().get('/api/session')).body as { providers: unknown[] };
    expect(providers).toMatchObject([
      { id: 'umbrella', kind: 'redirect' },
      { id: 'site', label: 'a site account', kind: 'password' },
      ...['tls', 'numbers', 'mails', 'idless', 'down'].map((id) => ({ id, kind: 'password' })),
      { id: 'local', kind: 'password' },
    ]);
    expect(JSON.stringify(providers)).not.toMatch(/ldap:|dc=example/);
  });

  it('makes the account a person, once, whom it lets in no further than an identity does', async () => {
    const first = await attempt('site', ' Grace ');
    expect(told(first)).toEqual([204, undefined, undefined, false]);
    const user = await house.who(first.browser);
    expect(user).toMatchObject({ name: 'Grace Hopper', email: 'grace@example.org', roles: [] });
    expect(await first.browser.get('/api/conditions')).toMatchObject({ status: 403, body: { code: 'NOT_AUTHORISED' } });
    expect((await house.who((await attempt('site', 'grace')).browser))?.id).toBe(user?.id);
    const kept = 'SELECT issuer, subject, groups FROM identity WHERE user_id = $1';
    expect(await house.portal.dataSource.query(kept, [user?.id])).toEqual([
      { issuer: 'urn:beamdesk:ldap:site', subject: uuidOf(1), groups: ['id11-staff'] },
    ]);
  });

  it('is another person at another directory, and none of the local accounts', async () => {
    const [one, other] = await Promise.all(
      ['site', 'tls'].map(async (id) => house.who((await attempt(id, 'alan')).browser)),
    );
    expect([one?.name, other?.name]).toEqual(['Alan Turing', 'Alan Turing']);
    expect(one?.id).not.toBe(other?.id);
    await house.portal.app
      .get(LocalAccounts)
      .create({ name: 'alan', displayName: 'A', email: null, oneTimePassword: 'one time for Alan' });
    expect(await attempt(undefined, 'alan')).toMatchObject({ code: 'WRONG_PASSWORD' });
    expect(await attempt('local', 'alan', 'one time for Alan')).toMatchObject({ code: 'PASSWORD_CHANGE_NEEDED' });
  });

  it('refuses whoever may not come in with the same words, and not sooner', async () => {
    const tries = [
      await attempt('site', 'alan', WRONG),
      await attempt('site', 'nobody'),
      await attempt('site', '*)(uid=*'),
      await attempt('site', 'tom'),
      await attempt('site', 'nix'),
      await attempt('numbers', '77'),
    ];
    expect(new Set(tries.map((one) => JSON.stringify(told(one)))).size).toBe(1);
    expect(tries[0]).toMatchObject({ status: 401, code: 'WRONG_PASSWORD' });
    for (const one of tries) {
      expect(one.ms).toBeGreaterThanOrEqual(REFUSED_AFTER_MS);
      expect(await house.who(one.browser)).toBeNull();
    }
  });

  it('locks a name after some failed tries, whosever it is, and each directory’s for itself', async () => {
    for (const name of ['kim', 'somebody']) {
      const codes: unknown[] = [];
      for (let i = 0; i <= FREE_TRIES; i++) codes.push((await attempt('site', name, WRONG)).code);
      expect(codes).toEqual([...Array<string>(FREE_TRIES).fill('WRONG_PASSWORD'), 'SIGN_IN_LOCKED']);
    }
    expect(told(await attempt('site', 'KIM '))).toEqual([429, 'SIGN_IN_LOCKED', expect.any(String), true]);
    expect(await attempt('tls', 'kim')).toMatchObject({ status: 204 });
  });

  it('counts tries of one account together, by whichever of its names', async () => {
    for (const name of KIMS_MAILS)
      expect(await attempt('mails', name, WRONG)).toMatchObject({ code: 'WRONG_PASSWORD' });
    // Right, but not even looked at, and in the words that an unknown name gets.
    expect(told(await attempt('mails', 'kim2@example.org'))).toEqual(
      told(await attempt('mails', 'nobody@example.org')),
    );
    expect(house.logged.filter((line) => line.includes(uuidOf(4)) && line.includes('several names'))).toHaveLength(1);
  });

  it('makes nobody of an account that cannot be known again', async () =>
    expect(await attempt('idless', 'grace')).toMatchObject({ status: 403, code: 'SIGN_IN_INCOMPLETE' }));

  it.each([
    ['an unknown way in', { provider: 'evil', name: 'grace', password: PASSWORD }, 404],
    ['a provider people leave for', { provider: 'umbrella', name: 'grace', password: PASSWORD }, 404],
    [
      'a new password',
      { provider: 'site', name: 'grace', password: PASSWORD, newPassword: 'another long password' },
      400,
    ],
    ['no password', { provider: 'site', name: 'grace', password: '' }, 400],
    ['no name', { provider: 'site', name: '', password: PASSWORD }, 400],
  ])('refuses %s', async (_what, body, status) => {
    const from = { 'X-Forwarded-For': '2001:db8:ffff::1' };
    expect(await house.portal.browser().send('POST', '/api/auth/password', body, from)).toMatchObject({ status });
  });

  it('writes no password into log or database, and no name that is nobody’s', async () => {
    expect(house.logged.length).toBeGreaterThan(10);
    const kept = await house.portal.dataSource.query<{ text: string }[]>(
      `SELECT e::text AS text FROM audit_entry e UNION ALL SELECT p::text FROM password_attempts p
       UNION ALL SELECT i::text FROM identity i`,
    );
    const all = [...house.logged, ...kept.map(({ text }) => text)].join('\n');
    for (const secret of [PASSWORD, WRONG, READER.password, 'nobody', 'uid=*']) expect(all).not.toContain(secret);
  });
});

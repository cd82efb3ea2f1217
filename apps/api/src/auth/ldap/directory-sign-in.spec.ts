import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { createTestApp, TestApp } from '../../../test/app/test-app';
import { BASE, KIMS_MAILS, PASSWORD, READER, uuidOf } from '../../../test/ldap/directory-content';
import { Slapd } from '../../../test/ldap/slapd';
import { LocalAccounts } from '../local-accounts/local-accounts';
import { FREE_TRIES } from '../local-accounts/password-attempts';
import { REFUSED_AFTER_MS } from './directory-sign-in';

const WRONG = 'not the password';

describe('sign-in with an LDAP directory', () => {
  let slapd: Slapd;
  let portal: TestApp;
  let folder: string;
  const logged: string[] = [];

  beforeAll(async () => {
    for (const level of ['warn', 'error', 'log', 'debug'] as const)
      jest.spyOn(Logger.prototype, level).mockImplementation((...words: unknown[]) => void logged.push(words.map(String).join(' ')));
    slapd = await Slapd.start();
    folder = mkdtempSync(join(tmpdir(), 'beamdesk-ldap-'));
    writeFileSync(join(folder, 'reader.yaml'), `dn: ${READER.dn}\npassword: ${READER.password}\n`, { mode: 0o600 });
    const entry = (id: string, url: string, extra = '') =>
      `  - { kind: ldap, id: ${id}, label: a ${id} account, url: '${url}', caFile: '${slapd.certificates.ca}', timeoutSeconds: 2, ` +
      `accounts: { base: 'ou=people,${BASE}', filter: '(uid={name})' }${extra} }`;
    const groups = `, credentialsFile: reader.yaml, groups: { attribute: memberOf, names: { 'cn=id11,ou=groups,${BASE}': id11-staff } }`;
    const entries = [
      entry('site', `ldap://localhost:${slapd.port}`, groups),
      entry('tls', `ldaps://localhost:${slapd.tlsPort}`),
      entry('numbers', `ldaps://localhost:${slapd.tlsPort}`).replace('(uid={name})', '(employeeNumber={name})'),
      entry('mails', `ldaps://localhost:${slapd.tlsPort}`).replace('(uid={name})', '(mail={name})'),
      entry('idless', `ldaps://localhost:${slapd.tlsPort}`).replace("{name})'", "{name})', subject: uidNumber"),
      entry('down', 'ldaps://localhost:1'),
    ];
    writeFileSync(join(folder, 'providers.yaml'), `providers:\n${entries.join('\n')}\n`);
    portal = await createTestApp({
      env: { LOCAL_ACCOUNTS: 'on', IDENTITY_PROVIDERS_FILE: join(folder, 'providers.yaml') },
    });
  });
  afterAll(async () => {
    await portal?.close();
    await slapd?.stop();
    rmSync(folder, { recursive: true, force: true });
    jest.restoreAllMocks();
  });

  let network = 0;
  /** Every try from a network of its own, so that one test does not use up what addresses are allowed. */
  const attempt = async (provider: string | undefined, name: string, password = PASSWORD, browser = portal.browser()) => {
    const from = { 'X-Forwarded-For': `2001:db8:0:${(++network).toString(16)}::1` };
    const before = performance.now();
    const answer = await browser.send('POST', '/api/auth/password', { ...(provider && { provider }), name, password }, from);
    const { code, message } = (answer.body ?? {}) as { code?: string; message?: string };
    const retryAfter = answer.headers.get('retry-after') !== null;
    return { status: answer.status, code, message, retryAfter, browser, ms: performance.now() - before };
  };
  const who = async (browser: ReturnType<TestApp['browser']>) =>
    ((await browser.get('/api/session')).body as { user: { id: string; name: string; email: string; roles: string[] } | null }).user;
  const told = ({ status, code, message, retryAfter }: Awaited<ReturnType<typeof attempt>>) => [status, code, message, retryAfter];

  it('is offered beside the providers, by name', async () => {
    const { providers } = (await portal.browser().get('/api/session')).body as { providers: unknown[] };
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
    const user = await who(first.browser);
    expect(user).toMatchObject({ name: 'Grace Hopper', email: 'grace@example.org', roles: [] });
    expect(await first.browser.get('/api/conditions')).toMatchObject({ status: 403, body: { code: 'NOT_AUTHORISED' } });
    expect((await who((await attempt('site', 'grace')).browser))?.id).toBe(user?.id);
    expect(await portal.dataSource.query('SELECT issuer, subject FROM identity WHERE user_id = $1', [user?.id])).toEqual([
      { issuer: 'urn:beamdesk:ldap:site', subject: uuidOf(1) },
    ]);
  });

  it('is another person at another directory, and none of the local accounts', async () => {
    const [one, other] = await Promise.all(['site', 'tls'].map(async (id) => who((await attempt(id, 'alan')).browser)));
    expect([one?.name, other?.name]).toEqual(['Alan Turing', 'Alan Turing']);
    expect(one?.id).not.toBe(other?.id);
    await portal.app.get(LocalAccounts).create({ name: 'alan', displayName: 'A', email: null, oneTimePassword: 'one time for Alan' });
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
      expect(await who(one.browser)).toBeNull();
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
    for (const name of KIMS_MAILS) expect(await attempt('mails', name, WRONG)).toMatchObject({ code: 'WRONG_PASSWORD' });
    // Right, but not even looked at, and in the words that an unknown name gets.
    expect(told(await attempt('mails', 'kim2@example.org'))).toEqual(told(await attempt('mails', 'nobody@example.org')));
    expect(logged.filter((line) => line.includes(uuidOf(4)) && line.includes('several names'))).toHaveLength(1);
  });

  it('makes nobody of an account that cannot be known again', async () =>
    expect(await attempt('idless', 'grace')).toMatchObject({ status: 403, code: 'SIGN_IN_INCOMPLETE' }));

  it('says which directory cannot be asked, counts nothing, and lets others go on', async () => {
    for (let i = 0; i <= FREE_TRIES; i++) {
      const answer = await attempt('down', 'grace');
      expect(answer).toMatchObject({ status: 503, code: 'DIRECTORY_UNAVAILABLE' });
      expect(answer.message).toContain('Signing in with a down account does not work at this moment');
    }
    expect(await attempt('tls', 'grace')).toMatchObject({ status: 204 });
    expect(logged.filter((line) => line.includes('down cannot be asked: unreachable'))).not.toEqual([]);
  });

  it('gives up a directory that says nothing, and takes it again', async () => {
    await slapd.freeze();
    const silent = attempt('site', 'alan');
    expect(await attempt('local', 'nobody at all')).toMatchObject({ code: 'WRONG_PASSWORD' });
    expect(await silent).toMatchObject({ status: 503, code: 'DIRECTORY_UNAVAILABLE' });
    slapd.thaw();
    expect(await attempt('site', 'alan')).toMatchObject({ status: 204 });
  });

  it.each([
    ['an unknown way in', { provider: 'evil', name: 'grace', password: PASSWORD }, 404],
    ['a provider people leave for', { provider: 'umbrella', name: 'grace', password: PASSWORD }, 404],
    ['a new password', { provider: 'site', name: 'grace', password: PASSWORD, newPassword: 'another long password' }, 400],
    ['no password', { provider: 'site', name: 'grace', password: '' }, 400],
    ['no name', { provider: 'site', name: '', password: PASSWORD }, 400],
  ])('refuses %s', async (_what, body, status) => {
    const from = { 'X-Forwarded-For': '2001:db8:ffff::1' };
    expect(await portal.browser().send('POST', '/api/auth/password', body, from)).toMatchObject({ status });
  });

  it('writes no password into log or database, and no name that is nobody’s', async () => {
    expect(logged.length).toBeGreaterThan(10);
    const kept = await portal.dataSource.query<{ text: string }[]>(
      'SELECT e::text AS text FROM audit_entry e UNION ALL SELECT p::text FROM password_attempts p UNION ALL SELECT i::text FROM identity i',
    );
    const all = [...logged, ...kept.map(({ text }) => text)].join('\n');
    for (const secret of [PASSWORD, WRONG, READER.password, 'nobody', 'uid=*']) expect(all).not.toContain(secret);
  });
});

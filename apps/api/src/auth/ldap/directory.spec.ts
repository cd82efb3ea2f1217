import { createServer, type Server } from 'node:net';
import { readFileSync } from 'node:fs';
import { Client } from 'ldapts';
import { BASE, PASSWORD, READER, uuidOf } from '../../../test/ldap/directory-content';
import { settingsOf } from '../../../test/ldap/directory-settings';
import { Slapd } from '../../../test/ldap/slapd';
import { freePort } from '../../../test/postgres/embedded-postgres';
import { type DirectorySettings, Secret } from '../../config';
import { Directory } from './directory';

const TABLE = [
  // In other words than the directory's own.
  { dn: `CN=ID11, ou=groups,${BASE}`, name: 'id11-staff' },
  { dn: `cn=Staff\\2C all,ou=groups,${BASE}`, name: 'everybody' },
  { dn: `cn=posix,ou=groups,${BASE}`, name: 'computing' },
];
const memberOf: DirectorySettings['groups'] = { source: { kind: 'attribute', attribute: 'memberOf' }, names: TABLE };
const search = (filter: string, by: string): DirectorySettings['groups'] => ({
  source: { kind: 'search', base: `ou=groups,${BASE}`, filter, by },
  names: TABLE,
});

describe('a directory', () => {
  let slapd: Slapd;
  let elsewhere: Server;
  let referred = 0;

  beforeAll(async () => {
    const port = await freePort();
    elsewhere = createServer((socket) => (referred++, socket.destroy())).listen(port, '127.0.0.1');
    slapd = await Slapd.start(port);
  });
  afterAll(async () => {
    elsewhere?.close();
    await slapd?.stop();
  });
  afterEach(() => jest.restoreAllMocks());

  const directory = (change: Partial<DirectorySettings> = {}) => new Directory(settingsOf(slapd, change));
  const prove = (name: string, password = PASSWORD, change: Partial<DirectorySettings> = {}) =>
    directory(change).attempt(name, ({ prove: bind }) => bind(password));
  const accounts = (change: Partial<DirectorySettings['accounts']>) => ({
    accounts: { ...settingsOf(slapd).accounts, ...change },
  });

  describe.each(['start-tls', 'tls'] as const)('by %s', (security) => {
    const over = (change: Partial<DirectorySettings> = {}) => ({
      security,
      port: security === 'tls' ? slapd.tlsPort : slapd.port,
      ...change,
    });

    it('knows whose password that is', async () => {
      expect(await prove('grace', PASSWORD, over())).toEqual({
        identity: {
          subject: uuidOf(1),
          name: 'Grace Hopper',
          email: 'grace@example.org',
          emailVerified: false,
          groups: [],
        },
        groups: { named: [], others: [] },
      });
      expect(await prove('grace', 'not the password', over())).toEqual({
        refused: expect.stringContaining('InvalidCredentials') as string,
      });
    });

    it('trusts no server whose certificate another authority has signed', async () => {
      const ca = readFileSync(slapd.certificates.otherCa, 'utf8');
      await expect(prove('grace', PASSWORD, over({ ca }))).rejects.toMatchObject({ reason: 'untrusted' });
      await expect(prove('grace', PASSWORD, over({ ca: null }))).rejects.toMatchObject({ reason: 'untrusted' });
    });

    it('trusts no server of another name', async () => {
      await expect(prove('grace', PASSWORD, over({ host: '127.0.0.1' }))).rejects.toMatchObject({
        reason: 'untrusted',
        detail: expect.stringContaining('ERR_TLS_CERT_ALTNAME_INVALID') as string,
      });
    });
  });

  it('is told nothing after a StartTLS that did not hold', async () => {
    const bind = jest.spyOn(Client.prototype, 'bind');
    const ca = readFileSync(slapd.certificates.otherCa, 'utf8');
    await expect(prove('grace', PASSWORD, { ca })).rejects.toMatchObject({ reason: 'untrusted' });
    expect(bind).not.toHaveBeenCalled();
  });

  it('speaks without TLS where that is allowed', async () =>
    expect(await prove('grace', PASSWORD, { security: 'none' })).toMatchObject({ identity: { subject: uuidOf(1) } }));

  it.each(['nobody', '*', 'gr*', '*)(uid=*', 'grace)(|(uid=*', '\\2a', 'grace\u0000', '(', ')', ''])(
    'finds nobody by the name %j',
    async (name) => {
      const found = await directory().attempt(name, (attempt) => Promise.resolve(attempt.found));
      expect(found).toEqual({ entry: null, why: 'nobody' });
    },
  );

  it('asks for the password of an unknown name too, and never lets it in', async () => {
    const bind = jest.spyOn(Client.prototype, 'bind');
    expect(await prove('nobody')).toEqual({ refused: expect.stringContaining('InvalidCredentials') as string });
    expect(bind.mock.calls.map(([dn]) => dn)).toEqual([
      READER.dn,
      expect.stringMatching(/^cn=[0-9a-f-]{36},ou=people,/),
    ]);
  });

  it('lets nobody in whom the name does not tell from another', async () => {
    const two = accounts({ filter: '(employeeNumber={name})' });
    expect(await directory(two).show('77')).toEqual({ found: { entry: null, why: 'several' }, proven: null });
    expect(await prove('77', PASSWORD, two)).toHaveProperty('refused');
  });

  it('never binds without a password, which the directory would take', async () => {
    const refused = await directory().attempt('grace', async ({ prove: withPassword }) => {
      const bind = jest.spyOn(Client.prototype, 'bind');
      const answer = await withPassword('');
      expect(bind).not.toHaveBeenCalled();
      return answer;
    });
    expect(refused).toEqual({ refused: 'no password' });
  });

  it.each([
    ['closed by its administrator', 'tom'],
    ['without a password', 'nix'],
  ])('refuses an account %s', async (_what, name) => expect(await prove(name)).toHaveProperty('refused'));

  it('follows no referral', async () => {
    expect(await prove('alan')).toMatchObject({ identity: { name: 'Alan Turing' } });
    expect(referred).toBe(0);
  });

  it('reads a binary id as Active Directory writes it', async () =>
    expect(await prove('grace', PASSWORD, accounts({ subject: 'objectguid' }))).toMatchObject({
      identity: { subject: '03020100-0504-0706-0809-0a0b0c0d0e0f' },
    }));

  it('makes nobody of an account without a stable id', async () =>
    expect(await prove('grace', PASSWORD, accounts({ subject: 'uidNumber' }))).toMatchObject({ identity: null }));

  describe('groups', () => {
    it.each([
      ['the attribute of the account', () => memberOf, ['id11-staff'], [`cn=chess,ou=groups,${BASE}`]],
      ['its distinguished name', () => search('(member={dn})', 'dn'), ['id11-staff'], [`cn=chess,ou=groups,${BASE}`]],
      ['one of its attributes', () => search('(&(objectClass=posixGroup)(memberUid={uid}))', 'uid'), ['computing'], []],
      ['an attribute it has not', () => search('(memberUid={roomNumber})', 'roomNumber'), [], []],
    ])('are found by %s, and called by our names', async (_what, groups, named, others) => {
      const proven = await prove('grace', PASSWORD, { groups: groups() });
      expect(proven).toMatchObject({ identity: { groups: named }, groups: { named, others } });
    });

    it('have names with commas, however those are escaped', async () => {
      expect(await prove('alan', PASSWORD, { groups: memberOf })).toMatchObject({ groups: { named: ['everybody'] } });
      expect(await prove('alan', PASSWORD, { groups: search('(member={dn})', 'dn') })).toMatchObject({
        groups: { named: ['everybody'] },
      });
    });

    it('are never taken for none because they may not be read', async () => {
      const anonymous = { reader: null, groups: search('(member={dn})', 'dn') };
      await expect(prove('grace', PASSWORD, anonymous)).rejects.toMatchObject({ reason: 'refused' });
      expect(await prove('grace', PASSWORD, { ...anonymous, groups: null })).toMatchObject({
        identity: { groups: [] },
      });
    });
  });

  it.each([
    [
      'a reader whose password is wrong',
      () => ({ reader: { dn: READER.dn, password: new Secret('hunter2') } }),
      'refused',
    ],
    ['a base that is not there', () => accounts({ base: 'ou=nowhere,dc=example,dc=org' }), 'refused'],
    ['a port where nobody listens', () => ({ port: 1 }), 'unreachable'],
    ['a host that is not there', () => ({ host: 'directory.invalid' }), 'unreachable'],
    ['TLS where StartTLS is spoken', () => ({ security: 'tls' as const }), 'unreachable'],
  ])('cannot be asked by %s', async (_what, change, reason) => {
    const fault = await prove('grace', PASSWORD, change()).catch((error: unknown) => error);
    expect(fault).toMatchObject({ reason });
    expect(String(fault)).not.toMatch(/hunter2|correct horse/);
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { BASE, READER, uuidOf } from '../../../test/ldap/directory-content';
import { Slapd } from '../../../test/ldap/slapd';
import { identityCommand } from './command';

const GROUP = `cn=id11,ou=groups,${BASE}`;

describe('npm run identity, for directories', () => {
  let slapd: Slapd;
  let folder: string;
  beforeAll(async () => {
    slapd = await Slapd.start();
    folder = mkdtempSync(join(tmpdir(), 'beamdesk-identity-'));
    writeFileSync(join(folder, 'reader.yaml'), stringify({ dn: READER.dn, password: READER.password }), {
      mode: 0o600,
    });
    writeFileSync(join(folder, 'wrong.yaml'), stringify({ dn: READER.dn, password: 'hunter2' }), { mode: 0o600 });
    const entry = (id: string, change: object = {}, accounts: object = {}) => ({
      kind: 'ldap',
      id,
      label: 'a site account',
      url: `ldap://localhost:${slapd.port}`,
      caFile: slapd.certificates.ca,
      credentialsFile: 'reader.yaml',
      accounts: { base: `ou=people,${BASE}`, filter: '(uid={name})', ...accounts },
      groups: { attribute: 'memberOf', names: { [GROUP]: 'id11-staff' } },
      timeoutSeconds: 2,
      ...change,
    });
    const nowhere = `cn=nowhere,ou=groups,${BASE}`;
    const search = { base: `ou=groups,${BASE}`, filter: '(member={dn})' };
    const providers = [
      entry('site'),
      entry('search', { groups: { search, names: { [GROUP]: 'id11-staff', [nowhere]: 'x' } } }),
      entry('blind', { credentialsFile: undefined, groups: { search, names: { [GROUP]: 'id11-staff' } } }),
      entry('idless', {}, { subject: 'objectGUID' }),
      entry('empty', {}, { filter: '(roomNumber={name})' }),
      entry('two', {}, { filter: '(employeeNumber={name})' }),
      entry('wrong', { credentialsFile: 'wrong.yaml' }),
      entry('down', { url: 'ldaps://localhost:1' }),
      entry('fileless', { credentialsFile: 'gone.yaml' }),
    ];
    writeFileSync(join(folder, 'providers.yaml'), stringify({ providers }));
  });
  afterAll(async () => {
    await slapd?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function run(...args: string[]) {
    const lines: string[] = [];
    const env = { IDENTITY_PROVIDERS_FILE: join(folder, 'providers.yaml') };
    const terminal = { env, cwd: folder, input: [] as never, print: (line: string) => void lines.push(line) };
    const code = await identityCommand(args, terminal);
    const text = lines.join('\n');
    expect(text).not.toMatch(/hunter2|the reader reads/);
    return { code, text };
  }
  const map = (directory: string, account: string) => run('map', '--directory', directory, '--account', account);

  it('shows whom an account would be, without its password', async () => {
    const { code, text } = await map('site', 'grace');
    expect(code).toBe(0);
    expect(text.split('\n').slice(0, -1)).toEqual([
      `directory  site, a site account, localhost:${slapd.port} by StartTLS`,
      `account    uid=grace,ou=people,${BASE}`,
      'issuer     urn:beamdesk:ldap:site',
      `stable id  ${uuidOf(1)}   (entryUUID)`,
      'name       Grace Hopper   (displayName, cn, givenName sn)',
      'mail       grace@example.org   (mail)',
      'groups     id11-staff   (memberOf)',
      `left out   cn=chess,ou=groups,${BASE}   (not in the table)`,
    ]);
    expect(text).toContain(`looked up by the reader ${READER.dn}; the password was not asked for`);
  });

  it.each([
    ['nobody', 'site', 'nobody', 'no account has this name'],
    ['everybody', 'site', '*', 'no account has this name'],
    ['two people', 'two', '77', 'several accounts have this name'],
    ['whoever has no stable id', 'idless', 'alan', 'the account has not exactly one objectGUID'],
    ['anybody with the wrong reader', 'wrong', 'grace', 'refused: the reader cn=reader'],
    ['anybody of a directory that is down', 'down', 'grace', 'unreachable: '],
  ])('shows %s as a fault', async (_what, directory, name, fault) => {
    const { code, text } = await map(directory, name);
    expect([code, text]).toEqual([1, expect.stringMatching(/^fault {6}/m)]);
    expect(text).toContain(fault);
  });

  it.each([
    ['no account', ['map', '--directory', 'site'], 'which account of which directory'],
    [
      'a directory it does not know',
      ['map', '--directory', 'evil', '--account', 'x'],
      "no directory 'evil' (known: site, search",
    ],
    ['an account of a token', ['map', '--account', 'x', '--claims', '{}'], '--account'],
    ['a file that a directory needs and that is not there', ['check', '--directory', 'fileless'], 'gone.yaml (ENOENT)'],
    ['what it does not know', ['check', '--password', 'hunter3'], '--password'],
  ])('refuses %s', async (_what, args, message) => {
    const { code, text } = await run(...args);
    expect([code, text]).toEqual([2, expect.stringContaining(message)]);
  });

  it('finds a directory well', async () => {
    const { code, text } = await run('check', '--directory', 'site');
    expect([code, text]).toEqual([0, expect.not.stringContaining('NOT WELL')]);
    expect(text).toContain('certificate of CN=localhost, good until 20');
    expect(text).toContain(`looked at by the reader ${READER.dn}`);
    expect(text).toContain('6 accounts: the stable id entryUUID in 6, a mail in 6, memberOf in 2');
    expect(text).toContain('1 of the 1 groups of the table are there');
  });

  it('says in time that a certificate ends', async () => {
    const now = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 20 * 86_400_000);
    const { code, text } = await run('check', '--directory', 'site');
    now.mockRestore();
    expect([code, text]).toEqual([1, expect.stringContaining('NOT WELL: the certificate ends soon')]);
  });

  it.each([
    ['search', `the group cn=nowhere,ou=groups,${BASE} is not there`],
    ['blind', `no group below ou=groups,${BASE} fits (member=*), or none is shown to the reader`],
    ['blind', `the group ${GROUP} is not there, or not shown to the reader`],
    ['idless', 'accounts without one objectGUID cannot sign in'],
    ['empty', `no account below ou=people,${BASE} fits (roomNumber=*)`],
    ['wrong', 'refused: the reader cn=reader,dc=example,dc=org: InvalidCredentials'],
    ['down', 'unreachable: connect ECONNREFUSED'],
  ])('says what is not well with "%s": %s', async (directory, fault) => {
    const { code, text } = await run('check', '--directory', directory);
    expect([code, text]).toEqual([1, expect.stringContaining(`NOT WELL: ${fault}`)]);
  });
});

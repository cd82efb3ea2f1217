import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { makeCertificates } from '../../../test/ldap/certificates';
import { describedProviders, loadDirectories, loadProviders } from '../identity-providers-file';

const PEOPLE = { base: 'ou=people,dc=example,dc=org', filter: '(uid={name})' };

describe('a directory in IDENTITY_PROVIDERS_FILE', () => {
  let folder: string;
  let file: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'beamdesk-directories-'));
    file = join(folder, 'providers.yaml');
    makeCertificates(folder);
    credentials('reader.yaml', 'dn: cn=reader,dc=example,dc=org\npassword: hunter2\n');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const credentials = (name: string, text: string, mode = 0o600) => {
    writeFileSync(join(folder, name), text);
    chmodSync(join(folder, name), mode);
  };
  const entry = (change: object = {}) => ({
    kind: 'ldap',
    id: 'site',
    label: 'a site account',
    url: 'ldap://ldap.example.org',
    accounts: PEOPLE,
    ...change,
  });
  const write = (...providers: object[]) => writeFileSync(file, stringify({ providers }));
  const load = (change: object = {}) => {
    write(entry(change));
    return loadProviders(file).directories[0];
  };
  const fault = (change: object): string => {
    try {
      load(change);
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
    return 'no fault';
  };

  it('asks by StartTLS, anonymously, for what OpenLDAP calls things, unless told otherwise', () =>
    expect(load()).toEqual({
      id: 'site',
      label: 'a site account',
      issuer: 'urn:beamdesk:ldap:site',
      host: 'ldap.example.org',
      port: 389,
      security: 'start-tls',
      ca: null,
      reader: null,
      accounts: { ...PEOPLE, subject: 'entryUUID', name: ['displayName', 'cn', 'givenName sn'], email: 'mail' },
      groups: null,
      timeoutMs: 10_000,
    }));

  it('takes a certificate, a reader and groups', () => {
    const search = { base: 'ou=groups,dc=example,dc=org', filter: '(memberUid={uid})' };
    const names = { 'cn=id11,ou=groups,dc=example,dc=org': 'id11-staff' };
    const found = load({
      url: 'ldaps://[::1]:1636/',
      caFile: 'ca.pem',
      credentialsFile: 'reader.yaml',
      groups: { search, names },
      timeoutSeconds: 3,
    });
    expect(found).toMatchObject({
      host: '::1',
      port: 1636,
      security: 'tls',
      ca: expect.stringContaining('BEGIN CERTIFICATE') as string,
      reader: { dn: 'cn=reader,dc=example,dc=org' },
      groups: {
        source: { kind: 'search', ...search, by: 'uid' },
        names: [{ dn: 'cn=id11,ou=groups,dc=example,dc=org', name: 'id11-staff' }],
      },
      timeoutMs: 3000,
    });
    expect(found?.reader?.password.reveal()).toBe('hunter2');
    expect(JSON.stringify(found)).not.toContain('hunter2');
  });

  it('is found by an attribute’s groups too', () =>
    expect(load({ groups: { attribute: 'memberOf', names: {} } })?.groups).toEqual({
      source: { kind: 'attribute', attribute: 'memberOf' },
      names: [],
    }));

  it('stands beside providers, with an id of its own', () => {
    const oidc = { label: 'x', issuer: 'https://login.example.org', clientId: 'x', clientSecretFile: 'reader.yaml' };
    write({ ...oidc, id: 'login' }, entry());
    expect(loadProviders(file)).toMatchObject({ oidc: [{ id: 'login' }], directories: [{ id: 'site' }] });
    expect(describedProviders(file).map(({ id }) => id)).toEqual(['login']);
    write({ ...oidc, id: 'site' }, entry());
    expect(() => loadProviders(file)).toThrow("providers[1].id: 'site' occurs twice");
  });

  it('is loaded by itself without the files of others', () => {
    write(entry({ id: 'other', credentialsFile: 'nowhere' }), entry({ credentialsFile: 'reader.yaml' }));
    expect(loadDirectories(file, 'site').map(({ id }) => id)).toEqual(['other', 'site']);
    expect(() => loadDirectories(file, 'other')).toThrow('cannot read');
    expect(() => loadDirectories(file)).toThrow('cannot read');
  });

  it.each([
    ['in the clear', { plain: true }, 'plain: passwords go in the clear to a loopback host only'],
    ['in the clear by TLS', { url: 'ldaps://localhost', plain: true }, 'plain: does not go with ldaps://'],
    ['by http', { url: 'http://ldap.example.org' }, 'must be an address beginning with ldap://'],
    ['with a password in the address', { url: 'ldap://cn=x:hunter2@ldap.example.org' }, 'must end after host and port'],
    ['with a base in the address', { url: 'ldap://ldap.example.org/dc=x' }, 'must end after host and port'],
    ['without a base', { accounts: { ...PEOPLE, base: 'people' } }, 'accounts.base: must be a distinguished name'],
    ['without a name', { accounts: { ...PEOPLE, filter: '(uid=x)' } }, 'accounts.filter: must be a search filter'],
    ['by part of a name', { accounts: { ...PEOPLE, filter: '(uid={name}*)' } }, 'accounts.filter: must be'],
    ['by a mail', { accounts: { ...PEOPLE, subject: 'Mail' } }, 'accounts.subject: must be a stable id'],
    ['by a name', { accounts: { ...PEOPLE, subject: 'sAMAccountName' } }, 'accounts.subject: must be a stable id'],
    ['by groups from nowhere', { groups: { names: {} } }, 'groups: needs one of attribute and search'],
    [
      'by groups from two places',
      { groups: { attribute: 'a', search: { base: 'dc=x', filter: '(m={dn})' }, names: {} } },
      'groups: needs one of',
    ],
    [
      'by groups of no name',
      { groups: { attribute: 'memberOf', names: { staff: 'staff' } } },
      'must be a distinguished name',
    ],
    [
      'by groups named twice',
      { groups: { attribute: 'memberOf', names: { 'cn=a,dc=x': 'a', 'CN=A, dc=x': 'b' } } },
      'occurs twice',
    ],
    ['without its certificate', { caFile: 'nowhere.pem' }, 'caFile: cannot read'],
    ['with no certificate', { caFile: 'ca.key' }, 'caFile: '],
    ['with what it does not know', { bindPassword: 'hunter2' }, 'bindPassword: is not a known field'],
    ['for ever', { timeoutSeconds: 600 }, 'timeoutSeconds'],
  ])('is not asked %s', (_what, change, message) => {
    expect(fault(change)).toContain(message);
    expect(fault(change)).not.toContain('hunter2');
  });

  it('speaks in the clear on this machine, where that is said', () =>
    expect(load({ url: 'ldap://127.0.0.1:3389', plain: true })).toMatchObject({ security: 'none', port: 3389 }));

  it.each([
    ['others may read', 'dn: cn=x\npassword: hunter2\n', 0o604, 'may be read by others (mode 604)'],
    ['a group may write', 'dn: cn=x\npassword: hunter2\n', 0o660, 'may be read by others'],
    ['lacks the password', 'dn: cn=x\n', 0o600, 'must hold two texts'],
    ['is no YAML', 'dn: [hunter2', 0o600, 'must hold two texts'],
    ['names nobody', 'dn: reader\npassword: hunter2\n', 0o600, 'dn is no distinguished name'],
  ])('takes no credentials file that %s', (_what, text, mode, message) => {
    credentials('bad.yaml', text, mode);
    const said = fault({ credentialsFile: 'bad.yaml' });
    expect(said).toContain(message);
    expect(said).toContain('credentialsFile');
    expect(said).not.toContain('hunter2');
  });

  it('takes one that a group may read', () => {
    credentials('group.yaml', 'dn: cn=x\npassword: hunter2\n', 0o640);
    expect(load({ credentialsFile: 'group.yaml' })?.reader?.dn).toBe('cn=x');
  });
});

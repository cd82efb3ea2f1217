import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { createTestEnv, TestEnv } from '../../test/app/test-env';
import { ConfigError, loadConfig } from './load-config';

describe('loadConfig', () => {
  let files: TestEnv;
  const database = { url: 'postgresql://beamdesk@127.0.0.1:5432/beamdesk', passwordFile: '', drop: () => Promise.resolve() };
  beforeAll(() => {
    files = createTestEnv(8080, database, 'http://localhost:9000/oidc');
  });
  afterAll(() => files.remove());

  const problems = (change: Record<string, string>): string[] => {
    try {
      loadConfig({ ...files.env, ...change });
    } catch (error) {
      if (error instanceof ConfigError) return error.problems;
      throw error;
    }
    return [];
  };

  it('reads a complete set of settings', () => {
    const config = loadConfig({ ...files.env, ROLES: 'web,worker' });
    expect(config.publicUrl.origin).toBe('http://localhost:8080');
    expect(config.listen).toEqual({ host: '127.0.0.1', port: 8080 });
    expect(config.internal.listen).toEqual({ kind: 'unix', path: `${files.dir}/internal.sock` });
    expect(config.database).toEqual({ host: '127.0.0.1', port: 5432, user: 'beamdesk', database: 'beamdesk', ssl: false, password: null });
    expect([...config.roles]).toEqual(['web', 'worker']);
    expect(config.consoleKey.reveal()).toHaveLength(32);
    expect(config).toMatchObject({ secure: false, demo: false, hostName: 'local', launcherSocket: null, accelerator: 'auto', localAccounts: null });
  });

  it('names every mistake at once, one line each', () => {
    expect(
      problems({ PUBLIC_URL: 'localhost', API_LISTEN: '8080', ROLES: 'web,cook', ACCELERATOR: 'warp', DATA_DIR: 'data', OIDC_CLIENT_ID: '' }),
    ).toEqual([
      'PUBLIC_URL: is not a URL: localhost',
      'API_LISTEN: must be HOST:PORT or unix:/path, is 8080',
      'DATA_DIR: must be an absolute path',
      'ROLES: must be web, worker or web,worker',
      'ACCELERATOR: must be auto, kvm or tcg',
      'OIDC_CLIENT_ID: is not set',
    ]);
  });

  it.each([
    ['http://portal.example.org', 'PUBLIC_URL: must be https:// unless it names a loopback host'],
    ['https://portal.example.org/beamdesk', 'PUBLIC_URL: must end after host and port'],
    ['https://me@portal.example.org', 'PUBLIC_URL: must not hold a user name or password'],
    ['ftp://portal.example.org', 'PUBLIC_URL: must begin with http:// or https://'],
  ])('refuses PUBLIC_URL %s', (value, problem) => expect(problems({ PUBLIC_URL: value })).toEqual([problem]));

  it.each(['https://portal.example.org', 'https://10.0.0.1', 'https://localhost.example.org', 'https://127.example.org'])(
    'refuses demo identities at %s',
    (url) => expect(problems({ PUBLIC_URL: url, DEMO: 'true' })).toEqual([expect.stringMatching(/^DEMO: demo identities let anybody in/)]),
  );

  it.each(['http://localhost:8080', 'http://127.0.0.1:8080', 'http://127.1.2.3', 'http://[::1]:8080', 'http://demo.localhost'])(
    'runs demo identities at %s',
    (url) => expect(problems({ PUBLIC_URL: url, DEMO: 'true' })).toEqual([]),
  );

  it('reads how old a confirmed membership may be while a catalogue is down; none of any age is a choice', () => {
    const ageOf = (minutes: string) => loadConfig({ ...files.env, MEMBERSHIP_MAX_AGE_MINUTES: minutes }).membershipMaxAgeMs;
    expect(['', '0', '90'].map(ageOf)).toEqual([4 * 3_600_000, 0, 90 * 60_000]);
    for (const wrong of ['-1', '1.5', '4h']) {
      expect(problems({ MEMBERSHIP_MAX_AGE_MINUTES: wrong })).toEqual([expect.stringMatching(/^MEMBERSHIP_MAX_AGE_MINUTES: /)]);
    }
  });

  it('refuses a password in DATABASE_URL without repeating it', () => {
    const [problem] = problems({ DATABASE_URL: 'postgresql://beamdesk:hunter2@127.0.0.1/beamdesk' });
    expect(problem).toMatch(/^DATABASE_URL: must not hold the password/);
    expect(problem).not.toContain('hunter2');
  });

  it('takes the file that names catalogues before the one that is a catalogue, and one of them there must be', () => {
    const source = (change: Record<string, string>) => loadConfig({ ...files.env, ...change }).catalogue;
    expect(source({})).toEqual({ source: 'one', file: files.env['CATALOGUE_FILE'] });
    expect(source({ CATALOGUES_FILE: '/etc/catalogues.yaml' })).toEqual({ source: 'several', file: '/etc/catalogues.yaml' });
    expect(problems({ CATALOGUE_FILE: '' })).toEqual(['CATALOGUE_FILE: is not set, and neither is CATALOGUES_FILE']);
  });

  it('signs in at the provider of the settings, those of a file, or both, and one there must be', () => {
    writeFileSync(join(files.dir, 'site.secret'), 'e'.repeat(40));
    const entry = (id: string, issuer: string) => `{ id: ${id}, label: Site, issuer: '${issuer}', clientId: b, clientSecretFile: site.secret }`;
    const file = (...entries: string[]) => {
      const path = join(files.dir, 'providers.yaml');
      writeFileSync(path, `providers:\n${entries.map((one) => `  - ${one}\n`).join('')}`);
      return path;
    };
    const none = { OIDC_ISSUER: '', OIDC_CLIENT_ID: '' };
    const ways = (change: Record<string, string>) =>
      loadConfig({ ...files.env, ...change }).identityProviders.map(({ id, callbackPath }) => [id, callbackPath]);
    const umbrella = ['umbrella', '/api/auth/callback'];
    const site = ['site', '/api/auth/callback/site'];
    expect(ways({})).toEqual([umbrella]);
    const IDENTITY_PROVIDERS_FILE = file(entry('site', 'https://login.example.org'));
    expect(ways({ IDENTITY_PROVIDERS_FILE })).toEqual([umbrella, site]);
    expect(ways({ ...none, IDENTITY_PROVIDERS_FILE })).toEqual([site]);
    expect(problems(none)).toEqual(['OIDC_ISSUER: is not set, and neither is IDENTITY_PROVIDERS_FILE nor LOCAL_ACCOUNTS']);
    expect(problems({ ...none, LOCAL_ACCOUNTS: 'on' })).toEqual([]);
    expect(problems({ ...none, IDENTITY_PROVIDERS_FILE, DEMO: 'true' })).toEqual([expect.stringMatching(/^DEMO: needs OIDC_ISSUER/)]);
    expect(problems({ IDENTITY_PROVIDERS_FILE: file(entry('umbrella', files.env['OIDC_ISSUER'] ?? '')) })).toEqual([
      expect.stringMatching(/^IDENTITY_PROVIDERS_FILE: the id umbrella is also/),
      expect.stringMatching(/^IDENTITY_PROVIDERS_FILE: the issuer .* is also/),
    ]);
    expect(problems({ IDENTITY_PROVIDERS_FILE: '/nowhere/providers.yaml' })).toEqual([expect.stringMatching(/^IDENTITY_PROVIDERS_FILE: .*ENOENT/)]);
  });

  it('refuses an internal api that others could reach', () => {
    expect(problems({ INTERNAL_LISTEN: '0.0.0.0:3001' })).toEqual(['INTERNAL_LISTEN: must be a loopback address or unix:/path']);
  });

  it('refuses a provider without TLS that is not on this machine', () => {
    expect(problems({ OIDC_ISSUER: 'http://idp.example.org' })).toEqual(['OIDC_ISSUER: must be https:// unless it names a loopback host']);
  });

  it.each([
    ['SESSION_SECRET_FILE', '/nowhere/secret', 'SESSION_SECRET_FILE: cannot read /nowhere/secret (ENOENT)'],
    ['CONSOLE_KEY_FILE', __filename, /^CONSOLE_KEY_FILE: .* must hold 32 bytes \(or 64 hexadecimal digits\), has \d+$/],
  ])('says what is wrong with %s', (name, path, problem) => {
    expect(problems({ [name]: path })).toEqual([typeof problem === 'string' ? problem : expect.stringMatching(problem)]);
  });

  it('shows no secret when it is logged', () => {
    const config = loadConfig(files.env);
    const shown = inspect(config, { depth: 10 }) + JSON.stringify(config) + String(config.sessionSecret);
    for (const letter of ['a', 'b', 'c', 'd']) expect(shown).not.toContain(letter.repeat(20));
  });
});

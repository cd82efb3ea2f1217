import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describedProviders, loadProviders } from './identity-providers-file';

describe('IDENTITY_PROVIDERS_FILE', () => {
  let folder: string;
  let file: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'beamdesk-providers-'));
    file = join(folder, 'providers.yaml');
    writeFileSync(join(folder, 'client.secret'), 'hunter2hunter2\n');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const entry = (lines: Record<string, string> = {}) => {
    const fields = {
      id: 'site',
      label: 'Site',
      issuer: 'https://login.example.org',
      clientId: 'beamdesk',
      clientSecretFile: 'client.secret',
      ...lines,
    };
    return Object.entries(fields)
      .map(([name, value], i) => `${i === 0 ? '  - ' : '    '}${name}: ${value}`)
      .join('\n');
  };
  const write = (...entries: string[]) => writeFileSync(file, `providers:\n${entries.join('\n')}\n`);
  const faults = (...entries: string[]): string[] => {
    write(...entries);
    try {
      loadProviders(file);
    } catch (error) {
      return error instanceof Error
        ? error.message.split('\n').map((line) => line.replace(`${file}:`, ''))
        : [String(error)];
    }
    return [];
  };

  it('fills in what OpenID Connect calls things, and reads the secret beside the file', () => {
    write(entry());
    const [provider] = loadProviders(file).oidc;
    expect(provider).toMatchObject({
      id: 'site',
      scope: 'openid profile email',
      callbackPath: '/api/auth/callback/site',
      claims: {
        subject: 'sub',
        name: ['name', 'given_name family_name', 'preferred_username'],
        email: 'email',
        groups: null,
      },
    });
    expect(provider?.clientSecret.reveal()).toBe('hunter2hunter2');
    expect(JSON.stringify(provider)).not.toContain('hunter2');
  });

  it('takes a mapping of its own', () => {
    write(
      entry({
        claims: '{ subject: voperson_id, name: displayName, email: mail, groups: realm_access.roles }',
        scope: 'openid aarc',
      }),
    );
    expect(loadProviders(file).oidc[0]).toMatchObject({
      scope: 'openid aarc',
      claims: {
        subject: 'voperson_id',
        name: ['displayName'],
        email: 'mail',
        emailVerified: 'email_verified',
        groups: 'realm_access.roles',
      },
    });
  });

  it('needs no secret to say how claims are mapped', () => {
    write(entry({ clientSecretFile: 'nowhere' }));
    expect(describedProviders(file).map(({ id }) => id)).toEqual(['site']);
    expect(describedProviders(file)[0]).not.toHaveProperty('clientSecretFile');
  });

  it('says where each fault is', () => {
    expect(
      faults(
        entry({ id: 'Site 1', issuer: 'http://login.example.org', scope: 'profile' }),
        entry({ label: "''", secret: 'hunter2' }),
      ),
    ).toEqual([
      expect.stringMatching(/^2:\d+: providers\[0\]\.id: must be 1 to 32 of a-z 0-9 -/),
      expect.stringMatching(/^4:\d+: providers\[0\]\.issuer: must be https:\/\/ unless/),
      expect.stringMatching(/^7:\d+: providers\[0\]\.scope: must name openid/),
      expect.stringMatching(/^9:\d+: providers\[1\]\.label: /),
      expect.stringMatching(/^13:\d+: providers\[1\]\.secret: is not a known field/),
    ]);
  });

  it.each(['email', 'mail', 'preferred_username', 'name'])('knows nobody again by %s', (claim) =>
    expect(faults(entry({ claims: `{ subject: ${claim} }` }))).toEqual([
      expect.stringContaining('claims.subject: must be a stable id'),
    ]),
  );

  it('refuses an id or an issuer that occurs twice, and a secret that cannot be read', () => {
    expect(faults(entry(), entry({ clientSecretFile: 'nowhere' }))).toEqual([
      expect.stringContaining("providers[1].id: 'site' occurs twice"),
      expect.stringContaining("providers[1].issuer: 'https://login.example.org' occurs twice"),
      expect.stringMatching(/providers\[1\]\.clientSecretFile: cannot read .*nowhere \(ENOENT\)/),
    ]);
  });

  it('leaves the id of local accounts to them', () =>
    expect(faults(entry({ id: 'local' }))).toEqual([expect.stringContaining('is what local accounts are called')]));

  it('refuses a file without providers', () => expect(faults()).not.toEqual([]));
});

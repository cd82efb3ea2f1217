import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identityCommand } from './command';

const ISSUER = 'https://login.example.org';
const CLAIMS = {
  iss: ISSUER,
  aud: 'beamdesk',
  sub: 'f3b0',
  name: 'Ada Okafor',
  email: 'ada@example.org',
  realm_access: { roles: ['beamline-staff', 'id11'] },
};

describe('npm run identity -- map', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'beamdesk-identity-'));
    const entry = (id: string, issuer: string, claims: string) =>
      `  - { id: ${id}, label: Label, issuer: '${issuer}', clientId: beamdesk, clientSecretFile: nowhere, claims: ${claims} }`;
    const entries = [
      entry('site', ISSUER, '{ groups: realm_access.roles }'),
      entry('edugain', 'https://proxy.example.org', '{ subject: voperson_id }'),
    ];
    writeFileSync(join(folder, 'providers.yaml'), `providers:\n${entries.join('\n')}\n`);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  async function run(args: string[], env: NodeJS.ProcessEnv = {}, input = '') {
    const lines: string[] = [];
    const all = { IDENTITY_PROVIDERS_FILE: join(folder, 'providers.yaml'), ...env };
    const terminal = { env: all, cwd: folder, input: [input] as never, print: (line: string) => void lines.push(line) };
    return { code: await identityCommand(['map', ...args], terminal), text: lines.join('\n') };
  }
  const jwt = (claims: object) =>
    `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${Buffer.from('signature').toString('base64url')}`;
  const file = (name: string, text: string) => (writeFileSync(join(folder, name), text), name);

  it.each([
    ['a token', jwt(CLAIMS)],
    ['the answer of a token endpoint', JSON.stringify({ access_token: 'x', id_token: jwt(CLAIMS) })],
    ['claims', JSON.stringify(CLAIMS)],
  ])('reads %s, and takes the provider that the issuer names', async (_what, text) => {
    const { code, text: shown } = await run(['--token-file', file('token', `${text}\n`)]);
    expect(code).toBe(0);
    expect(shown).toMatch(/^provider +site, Label, https:\/\/login\.example\.org$/m);
    expect(shown).toMatch(/^stable id +f3b0 +\(sub\)$/m);
    expect(shown).toMatch(/^name +Ada Okafor +\(name\)$/m);
    expect(shown).toMatch(/^mail +ada@example\.org, not verified/m);
    expect(shown).toMatch(/^groups +beamline-staff, id11 +\(realm_access\.roles\)$/m);
  });

  it('reads standard input, and repeats no token', async () => {
    const token = jwt(CLAIMS);
    const { code, text } = await run(['--token-file', '-'], {}, token);
    expect(code).toBe(0);
    expect(text).toContain('signature was not checked');
    expect(text).not.toContain(token.split('.')[1]);
  });

  it('says that nobody could sign in whom the provider does not name for good', async () => {
    const { code, text } = await run(['--provider', 'edugain', '--claims', '{"sub":"transient","name":"Bo"}']);
    expect(code).toBe(1);
    expect(text).toContain("fault      the claim 'voperson_id' holds no stable id");
    expect(text).toContain('userinfo endpoint');
  });

  it.each([
    ['of another provider', { iss: 'https://evil.example' }, 'the token is of https://evil.example, not of'],
    ['for another client', { aud: ['account'] }, 'the token is for account, not for beamdesk'],
    ['that has ended', { exp: 1_000_000 }, 'the token ended at 1970-'],
  ])('finds fault with a token %s', async (_what, change, fault) => {
    const { code, text } = await run(['--provider', 'site', '--claims', JSON.stringify({ ...CLAIMS, ...change })]);
    expect([code, text]).toEqual([1, expect.stringContaining(fault)]);
  });

  it('knows the provider of the settings too', async () => {
    const env = { IDENTITY_PROVIDERS_FILE: '', OIDC_ISSUER: 'https://umbrella.example', OIDC_CLIENT_ID: 'beamdesk' };
    const { code, text } = await run(
      ['--claims', '{"iss":"https://umbrella.example","sub":"u1","email":"a@x","name":"A"}'],
      env,
    );
    expect([code, text]).toEqual([0, expect.stringMatching(/^provider +umbrella, UmbrellaID/)]);
  });

  it.each([
    ['two sources', ['--claims', '{}', '--token-file', 'x'], 'one of --token-file and --claims'],
    ['an option it does not know', ['--claim', '{}'], '--claim'],
    [
      'a provider it does not know',
      ['--provider', 'evil', '--claims', '{}'],
      "no provider 'evil' (known: site, edugain)",
    ],
    ['an issuer it does not know', ['--claims', '{"sub":"a"}'], "the token's issuer is that of no provider"],
    ['what is no token', ['--claims', 'hunter2'], 'neither a token (JWT) nor claims'],
    ['an encrypted token', ['--claims', 'a.b.c.d.e'], 'encrypted'],
    ['a file that is not there', ['--token-file', 'nowhere'], 'ENOENT'],
  ])('refuses %s', async (_what, args, message) => {
    const { code, text } = await run(args);
    expect([code, text]).toEqual([2, expect.stringContaining(message)]);
    expect(text).not.toContain('hunter2');
  });
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  IcatTestServer,
  ScicatTestServer,
  seedIcat,
  seedProposals,
  seedScicat,
  groupOf,
} from '@beamdesk/catalogue/testing';
import { catalogueCommand } from './command';

const ROOT = resolve(__dirname, '../../../../..');
const ISSUER = 'https://login.test.example';

describe('npm run catalogue', () => {
  let folder: string;
  let icat: IcatTestServer;
  let scicat: ScicatTestServer;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'beamdesk-command-'));
    [icat, scicat] = await Promise.all([IcatTestServer.start(), ScicatTestServer.start()]);
    icat.passwords.set('db/reader', 'hunter2');
    icat.tokens.set('jwt of ada', 'ada');
    seedIcat(icat, seedProposals());
    scicat.users.push({ username: 'reader', password: 'hunter2', email: 'r@test.example', groups: [], admin: true });
    seedScicat(scicat, seedProposals());
    await writeFile(join(folder, 'scicat.yaml'), 'username: reader\npassword: hunter2\n');
    await writeFile(join(folder, 'icat.yaml'), 'username: db/reader\npassword: hunter2\n');
    await writeFile(join(folder, 'jwt.yaml'), 'token: jwt of ada\n');
    await writeFile(
      join(folder, 'catalogues.yaml'),
      `
catalogues:
  - id: icat
    kind: icat
    url: ${icat.url}
    dataServer: ${icat.idsUrl}
    credentialsFile: icat.yaml
    beamlines: { ID11: id11-diff }
    accounts: [{ issuer: '${ISSUER}', subject: 'demo\\|([a-z]+)', name: '$1' }]
  - id: scicat
    kind: scicat
    url: ${scicat.url}
    facility: Lumina
    credentialsFile: scicat.yaml
    accounts:
      - { issuer: '${ISSUER}', subject: 'demo\\|([a-z]+)', name: '$1', groups: [${groupOf('20260301')}] }
      - { issuer: '${ISSUER}', subject: 'staff\\|([a-z]+)', name: '$1', groups: from-identity, groupPattern: 'team-(.+)' }
  - id: own
    kind: icat
    url: ${icat.url}
    session: own
    plugin: oidc
    accounts: [{ issuer: '${ISSUER}', subject: 'demo\\|([a-z]+)', name: '$1' }]
`,
    );
  });
  afterAll(async () => {
    await Promise.all([icat.close(), scicat.close(), rm(folder, { recursive: true })]);
  });

  const run = async (...argv: string[]) => {
    const lines: string[] = [];
    const env = { CATALOGUES_FILE: join(folder, 'catalogues.yaml') };
    const code = await catalogueCommand(argv, env, ROOT, (line) => lines.push(line));
    expect(lines.join('\n')).not.toMatch(/hunter2|jwt of ada/);
    return { code, text: lines.join('\n') };
  };

  it('shows whom a login becomes in each catalogue, and what they see there', async () => {
    const { code, text } = await run('check', '--as', 'demo|ada', '--login-file', join(folder, 'jwt.yaml'));
    expect(code).toBe(0);
    expect(text.split('\n')).toEqual([
      `icat: ICAT 6.2.1 at ${icat.url}`,
      '  at most 10000 entities in one answer',
      '  signed in as db/reader',
      '  data server: with an archive',
      `  'demo|ada' of ${ISSUER} becomes account 'ada'`,
      '  sees 2 proposals',
      '    20260302 | Micelles under shear | n3 | Co-investigator | 1 dataset, 1 archived',
      '    20260301 | Strain in Müller–Köhler alloys | id11-diff | Principal investigator | 2 datasets, 1 archived',
      `scicat: SciCat at ${scicat.url}`,
      '  signed in as reader',
      `  'demo|ada' of ${ISSUER} becomes account 'ada', groups ${groupOf('20260301')}`,
      '  sees 1 proposal',
      '    20260301 | Strain in Müller–Köhler alloys | id11 | 2 datasets, 1 archived',
      `own: ICAT 6.2.1 at ${icat.url}`,
      '  at most 10000 entities in one answer',
      '  each person signs in with a session of their own',
      '  no data server: where datasets are is not known',
      `  'demo|ada' of ${ISSUER} becomes account 'ada'`,
      '  sees 2 proposals',
      '    20260302 | Micelles under shear | n3 | Co-investigator | 1 dataset, 1 unknown',
      '    20260301 | Strain in Müller–Köhler alloys | id11 | Principal investigator | 2 datasets, 2 unknown',
    ]);
    expect(icat.sessions.count).toBe(0);
    expect(icat.http.asked(/restore/)).toEqual([]);
  });

  it('takes an account as given, and lists as many as asked for', async () => {
    const { code, text } = await run('check', '--account', 'ada', '--only', 'icat', '--limit', '1');
    expect([code, text.split('\n').slice(4)]).toEqual([
      0,
      [
        "  asked for as account 'ada'",
        '  sees 2 proposals; the latest 1:',
        '    20260302 | Micelles under shear | n3 | Co-investigator | 1 dataset, 1 archived',
      ],
    ]);
  });

  it('takes the groups of the login where the rule says so', async () => {
    const given = ['check', '--as', 'staff|ada', '--only', 'scicat'];
    expect((await run(...given, '--login-groups', `team-${groupOf('20260301')},other`)).text).toMatch(
      new RegExp(`becomes account 'ada', groups ${groupOf('20260301')}\n  sees 1 proposal\n`),
    );
    expect((await run(...given, '--login-groups', 'other')).text).toContain("becomes account 'ada'\n  sees 0 proposals");
  });

  it('says that a login becomes nobody', async () => {
    const stranger = await run('check', '--as', 'root', '--only', 'icat');
    expect([stranger.code, stranger.text]).toEqual([0, expect.stringContaining("'root' becomes nobody: no rule fits")]);
    const elsewhere = await run('check', '--as', 'demo|ada', '--issuer', 'https://other.example', '--only', 'icat');
    expect(elsewhere.text).toContain("'demo|ada' of https://other.example becomes nobody");
  });

  it.each([
    [['--as', 'demo|eve', '--only', 'icat'], 0, /sees 0 proposals\n +if that is wrong: the account's name must be User\.name/],
    [['--account', 'eve', '--only', 'scicat'], 0, /sees 0 proposals\n +if that is wrong: membership goes by groups/],
    [['--as', 'demo|ada', '--only', 'own'], 0, /what 'ada' sees is shown with their own sign-in there: --login-file FILE/],
  ])('tells a newcomer what to look at: %j', async (argv, exit, said) => {
    const { code, text } = await run('check', ...argv);
    expect([code, text]).toEqual([exit, expect.stringMatching(said)]);
  });

  it('tells a wrong address from a server that is old', async () => {
    await writeFile(
      join(folder, 'elsewhere.yaml'),
      `catalogues: [{ id: icat, kind: icat, url: '${icat.url}x', credentialsFile: icat.yaml }]`,
    );
    const { code, text } = await run('check', '--as', 'x', '--file', join(folder, 'elsewhere.yaml'));
    expect([code, text]).toEqual([1, expect.stringContaining('says no version: is that its address, up to /icat?')]);
  });

  it('ends with 1 where a catalogue is not well, and still asks the others', async () => {
    icat.passwords.set('db/reader', 'changed');
    const { code, text } = await run('check', '--as', 'demo|ada', '--login-file', join(folder, 'jwt.yaml'));
    icat.passwords.set('db/reader', 'hunter2');
    expect(code).toBe(1);
    expect(text).toMatch(/NOT WELL: credentials: POST .*\/icat\/session: 403 SESSION/);
    expect(text).toContain('scicat: SciCat');
  });

  it.each([
    [[], 'the command is: check'],
    [['restore'], 'the command is: check'],
    [['check'], '--as SUBJECT is missing'],
    [['check', '--as', 'x', '--groups', 'y'], '--groups needs --account'],
    [['check', '--account', 'x', '--login-groups', 'y'], '--login-groups needs --as'],
    [['check', '--as', 'x', '--limit', '0'], '--limit must be 1 to 100'],
    [['check', '--as', 'x', '--only', 'gone'], "names no catalogue 'gone'"],
    [['check', '--az', 'x'], '--az'],
    [['check', '--as', 'x', '--file', '/nowhere/catalogues.yaml'], 'ENOENT'],
  ])('ends with 2 for %j', async (argv, why) => {
    const { code, text } = await run(...argv);
    expect([code, text]).toEqual([2, expect.stringContaining(why)]);
  });

  it('knows the demo without any setting', async () => {
    const lines: string[] = [];
    const code = await catalogueCommand(['check', '--as', 'demo|ada'], {}, ROOT, (line) => lines.push(line));
    expect([code, lines[0]]).toEqual([0, 'demo: file']);
    expect(lines).toContain('  sees 7 proposals');
  });

  it('helps', async () => {
    const { code, text } = await run('--help');
    expect([code, text]).toEqual([0, expect.stringContaining('npm run catalogue -- check --as SUBJECT')]);
  });
});

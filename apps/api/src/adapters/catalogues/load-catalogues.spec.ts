import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileCatalogue, IcatCatalogue, ScicatCatalogue, YamlInvalid } from '@beamdesk/catalogue';
import { loadCatalogues } from './load-catalogues';
import { openCatalogue } from './open-catalogue';

const DEMO = join(__dirname, '../../../../../config/demo/catalogue.yaml');
const BEAMLINES = [{ id: 'id11-diff', name: 'ID11', technique: 'Diffraction' }];
const GOOD = `
catalogues:
  - id: demo
    kind: file
    file: ${DEMO}
  - id: icat
    kind: icat
    url: https://icat.test.example/icat
    dataServer: https://icat.test.example/ids
    credentialsFile: icat.yaml
    membership: [users, groups]
    roles: { PI: Principal investigator, reader: null }
    beamlines: { ID 11: id11-diff }
    accounts:
      - { issuer: 'https://login.test.example', subject: 'demo\\|([a-z]+)', name: 'db/$1' }
  - id: scicat
    kind: scicat
    url: https://scicat.test.example
    facility: Lumina
    credentialsFile: scicat.yaml
    lifecycle: [{ when: { isOnCentralDisk: true }, is: online }]
    retrieve: { api: v4 }
`;

describe('CATALOGUES_FILE', () => {
  let folder: string;
  let file: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'beamdesk-catalogues-'));
    file = join(folder, 'catalogues.yaml');
    await writeFile(join(folder, 'icat.yaml'), 'username: reader\npassword: hunter2\n');
    await writeFile(join(folder, 'scicat.yaml'), '{"username":"reader","password":"hunter2"}');
    await writeFile(join(folder, 'half.yaml'), 'username: reader\n');
    await writeFile(join(folder, 'broken.yaml'), 'password: [hunter2\n');
    await writeFile(join(folder, 'numbers.yaml'), 'username: reader\npassword: 12345\n');
  });
  afterAll(() => rm(folder, { recursive: true }));

  const load = async (text: string) => {
    await writeFile(file, text);
    return loadCatalogues(file, { beamlines: BEAMLINES });
  };
  const faults = async (before: string, after: string): Promise<string> => {
    expect(GOOD).toContain(before);
    const error = await load(GOOD.replace(before, after)).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(YamlInvalid);
    return (error as YamlInvalid).message;
  };

  it('names catalogues of every kind, which are opened without being asked', async () => {
    const entries = await load(GOOD);
    const opened = await Promise.all(entries.map((entry) => openCatalogue(entry, { file, beamlines: BEAMLINES })));
    expect(opened.map(({ id }) => id)).toEqual(['demo', 'icat', 'scicat']);
    expect(opened.map((one) => one.constructor)).toEqual([FileCatalogue, IcatCatalogue, ScicatCatalogue]);
    await Promise.all(opened.map((one) => one.close()));
  });

  it.each([
    ['a catalogue twice', 'id: scicat', 'id: icat', "catalogues[2].id: 'icat' occurs twice"],
    ['an unknown kind', 'kind: icat', 'kind: icta', 'catalogues[1].kind'],
    ['an unknown field', 'membership:', 'members:', 'catalogues[1].members: is not a known field'],
    [
      'plain http',
      'https://icat.test.example/icat',
      'http://icat.test.example/icat',
      'catalogues[1].url: must be https',
    ],
    [
      'plain http to the data server',
      'https://icat.test.example/ids',
      'http://icat/ids',
      'catalogues[1].dataServer: must be',
    ],
    ['a password in the address', 'https://scicat.', 'https://me:hunter2@scicat.', 'catalogues[2].url: must not hold'],
    ['another protocol', 'https://scicat.test.example', 'file:///etc/passwd', 'catalogues[2].url: must be an address'],
    ['a beamline the site has not', 'id11-diff', 'id12', "catalogues[1].beamlines.ID 11: 'id12' is not a beamline"],
    ['a file that is not there', 'icat.yaml', 'gone.yaml', 'catalogues[1].credentialsFile: cannot read'],
    ['no credentials', 'credentialsFile: icat.yaml', 'session: service', 'catalogues[1].credentialsFile: is missing'],
    ['half of the credentials', 'scicat.yaml', 'half.yaml', 'half.yaml has no password'],
    ['credentials that are none', 'icat.yaml', 'broken.yaml', 'must hold the fields of the sign-in'],
    ['a password that is a number', 'icat.yaml', 'numbers.yaml', 'must hold the fields of the sign-in'],
    [
      'a broken expression',
      "'demo\\|([a-z]+)'",
      "'demo\\|([a-z]+'",
      'catalogues[1].accounts[0].subject: is no regular',
    ],
  ])('refuses %s, with its place and without a secret', async (_what, before, after, fault) => {
    const message = await faults(before, after);
    expect(message).toContain(fault);
    expect(message).toMatch(/catalogues\.yaml:\d+:\d+: /);
    expect(message).not.toMatch(/hunter2|12345/);
  });

  it('sends secrets over plain http only to this machine, or where the site says so', async () => {
    const local = GOOD.replace('https://scicat.test.example', 'http://localhost:3000');
    const trusted = GOOD.replace('url: https://icat.', 'allowHttp: true\n    url: http://icat.');
    expect(await load(local)).toHaveLength(3);
    expect(await load(trusted)).toHaveLength(3);
  });

  it('needs no credentials where each person signs in there', async () => {
    expect(await load(GOOD.replace('credentialsFile: icat.yaml', 'session: own'))).toHaveLength(3);
  });

  it('does not take one catalogue for another', async () => {
    const [entry] = await load(GOOD.replace('id: demo', 'id: other'));
    if (!entry) throw new Error('no entry');
    await expect(openCatalogue(entry, { file, beamlines: BEAMLINES })).rejects.toThrow("is the catalogue 'demo'");
  });
});

import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadCommunityCatalogues } from './community-catalogues';

describe('catalogues of a community', () => {
  let folder: string;
  let file: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'beamdesk-community-'));
    file = join(folder, 'catalogues.yaml');
    await writeFile(join(folder, 'mine.yaml'), '');
    await symlink('/etc/passwd', join(folder, 'link.yaml'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const load = async (...entries: string[]) => {
    await writeFile(file, `catalogues:\n${entries.map((entry) => `  - ${entry}\n`).join('')}`);
    return loadCommunityCatalogues(file);
  };

  it('are files in its folder, with rules that make accounts', async () => {
    const read = await load(
      `{ id: a, kind: file, file: mine.yaml, accounts: [{ issuer: 'https://idp', subject: x, name: y }] }`,
    );
    expect(read.file).toBe(file);
    expect(read.entries).toEqual([
      expect.objectContaining({ id: 'a', accounts: [expect.objectContaining({ name: 'y' })] }),
    ]);
  });

  it.each([
    ['{ id: a, kind: file, file: /etc/passwd }', '2:32: catalogues[0].file: must be relative'],
    ['{ id: a, kind: file, file: ../mine.yaml }', '2:32: catalogues[0].file: must not hold ..'],
    ['{ id: a, kind: file, file: link.yaml }', 'link.yaml is a link'],
    ['{ id: a, kind: file, file: gone.yaml }', 'ENOENT'],
    [
      "{ id: a, kind: scicat, facility: F, url: 'https://scicat.example', credentialsFile: mine.yaml }",
      '2:20: catalogues[0].kind: must be file',
    ],
  ])('refuse %s', async (entry, fault) => {
    await expect(load(entry)).rejects.toThrow(fault);
  });

  it('have one id each', async () => {
    const entry = '{ id: a, kind: file, file: mine.yaml }';
    await expect(load(entry, entry)).rejects.toThrow(`${file}:3:11: catalogues[1].id: 'a' occurs twice`);
  });
});

import { mkdtemp, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { FileCatalogue, YamlInvalid } from '../index';
import { catalogueContract, SeedProposal, seedProposals } from '../testing';

function fileOf(seed: SeedProposal[]): string {
  const beamlines = new Map(seed.flatMap((p) => p.visits.map((v) => [v.beamline.id, v.beamline])));
  const people = new Map(seed.flatMap((p) => p.team.map((m) => [m.account, { account: m.account, name: m.name }])));
  return stringify({
    catalogue: 'demo',
    facility: 'Lumina',
    beamlines: [...beamlines.values()],
    people: [...people.values()],
    proposals: seed.map((p) => ({
      name: p.name,
      title: p.title,
      abstract: p.abstract,
      visits: p.visits.map((v) => ({
        id: v.id,
        beamline: v.beamline.id,
        start: v.start?.toISOString(),
        end: v.end?.toISOString(),
      })),
      team: p.team.map((m) => ({ account: m.account, roles: m.roles })),
      datasets: p.datasets?.map((d) => ({
        id: d.id,
        name: d.name,
        sizeBytes: d.sizeBytes,
        fileCount: d.fileCount,
        sample: d.sample,
        technique: d.technique,
        archived: d.availability === 'archived',
      })),
    })),
  });
}

async function inFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'beamdesk-catalogue-'));
  const path = join(folder, 'catalogue.yaml');
  return { path, close: () => rm(folder, { recursive: true }) };
}

catalogueContract('FileCatalogue', async (seed) => {
  const { path, close } = await inFolder();
  await writeFile(path, fileOf(seed));
  return { catalogue: await FileCatalogue.open(path), close };
});

describe('FileCatalogue', () => {
  const ada = { catalogue: 'demo', name: 'ada', groups: [] };
  const dana = { ...ada, name: 'dana' };
  const all = { text: '', sort: 'name', offset: 0, limit: 50 } as const;
  let path: string;
  let close: () => Promise<void>;

  beforeEach(async () => {
    ({ path, close } = await inFolder());
    await writeFile(path, fileOf(seedProposals()));
  });
  afterEach(() => close());

  it('takes a changed file over, and keeps the last good one while the new one is broken or gone', async () => {
    const broken: string[] = [];
    const catalogue = await FileCatalogue.open(path, {
      checkEveryMs: 0,
      onBroken: (error) => broken.push(error.message),
    });
    expect((await catalogue.search(ada, all)).total).toBe(2);

    await writeFile(path, fileOf(seedProposals().slice(1)));
    expect((await catalogue.search(ada, all)).total).toBe(1);

    await writeFile(`${path}.new`, 'catalogue: demo\nproposals: nonsense\n');
    await rename(`${path}.new`, path);
    expect((await catalogue.search(ada, all)).total).toBe(1);
    expect((await catalogue.search(ada, all)).total).toBe(1);
    expect(broken).toHaveLength(1);
    expect(broken[0]).toContain(`${path}:2:12: proposals:`);

    await unlink(path);
    expect(await catalogue.isMember(ada, 'demo:Lumina:20260302')).toBe(true);
    expect(broken).toHaveLength(2);

    await writeFile(
      path,
      fileOf([])
        .replace('beamlines: []', 'beamlines: [{ id: b, name: B, technique: T }]')
        .replace('people: []', 'people: [{ account: ada, name: Ada }]'),
    );
    expect(await catalogue.isMember(ada, 'demo:Lumina:20260302')).toBe(false);
  });

  it('counts a local contact of a visit as one of the team', async () => {
    const text = `
catalogue: demo
facility: Lumina
beamlines: [{ id: b1, name: B1, technique: Diffraction }]
people: [{ account: ada, name: Ada }, { account: dana, name: Dana }]
proposals:
  - name: P
    title: T
    abstract: A
    visits: [{ id: v, beamline: b1, start: 2026-03-01, localContacts: [dana] }]
    team: [{ account: ada, roles: [PI] }]
`;
    await writeFile(path, text);
    const found = await (await FileCatalogue.open(path)).find(dana, 'demo:Lumina:P');
    expect(found?.team).toContainEqual({ account: 'dana', name: 'Dana', affiliation: null, roles: ['Local contact'] });
    expect(found?.visits[0]?.start?.toISOString()).toBe('2026-03-01T00:00:00.000Z');
  });

  it('names file, line, column and field of every fault at once', async () => {
    const text = `catalogue: demo
facility: Lumina
beamlines:
  - id: b1
    name: B1
    technique: Diffraction
    colour: red
people:
  - account: ada
    name: Ada
proposals:
  - name: 20260301
    title: T
    visits:
      - id: v
        beamline: b2
        start: yesterday
    team:
      - account: ghost
        roles: [PI]
    abstract: A
  - name: X
    title: T
    team: []
  - name: X
    title: T
    abstract: A
    team: [{ account: ada, roles: [PI] }]
`;
    await writeFile(path, text);
    const error = await FileCatalogue.open(path).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(YamlInvalid);
    expect((error as YamlInvalid).message.split('\n')).toEqual([
      `${path}:7:13: beamlines[0].colour: is not a known field`,
      `${path}:12:11: proposals[0].name: must be text: write '20260301' in quotes`,
      `${path}:16:19: proposals[0].visits[0].beamline: 'b2' is not in beamlines`,
      `${path}:17:16: proposals[0].visits[0].start: must be a date (2026-03-14) or a moment (2026-03-14T08:00:00Z)`,
      `${path}:19:18: proposals[0].team[0].account: 'ghost' is not in people`,
      `${path}:22:5: proposals[1].abstract: is missing`,
      expect.stringContaining(`${path}:24:5: proposals[1].team:`),
      `${path}:25:11: proposals[2].name: 'X' occurs twice`,
    ]);
  });

  it('refuses two proposals whose data would lie in one folder', async () => {
    const [first, ...others] = seedProposals();
    await writeFile(path, fileOf([...others, { ...first, name: 'MX_2415' } as SeedProposal]));
    await expect(FileCatalogue.open(path)).rejects.toThrow("'MX_2415' would share the data folder of 'MX/2415'");
  });

  it.each([
    ['a syntax error', 'catalogue: [', ':1:13: '],
    ['a key twice', 'catalogue: a\ncatalogue: b\n', ':2:1: '],
    ['an empty file', '', ':1:1: '],
  ])('says where %s is', async (_what, text, where) => {
    await writeFile(path, text);
    await expect(FileCatalogue.open(path)).rejects.toThrow(`${path}${where}`);
  });

  it('does not unfold a bomb of aliases', async () => {
    const levels = Array.from(
      { length: 12 },
      (_, i) =>
        `l${i}: &l${i} [${Array(9)
          .fill(i === 0 ? 'x' : `*l${i - 1}`)
          .join(', ')}]`,
    );
    await writeFile(path, levels.join('\n'));
    await expect(FileCatalogue.open(path)).rejects.toBeInstanceOf(YamlInvalid);
  });

  it('says that a missing file is missing', async () => {
    await unlink(path);
    await expect(FileCatalogue.open(path)).rejects.toThrow(/ENOENT/);
  });
});

import { ALL, as, FIRST, IcatBench, keyOf, member } from './testing/icat-bench';
import { addDataset, addInvestigation } from './testing/icat-seed';

const expt = (name: string, ...team: ReturnType<typeof member>[]) => ({
  name,
  title: `Of ${name}`,
  abstract: '',
  team,
});
const ID11 = { id: 'id11', name: 'ID11', technique: '' };

describe('IcatCatalogue', () => {
  let bench: IcatBench;
  beforeEach(async () => {
    bench = await IcatBench.start();
  });
  afterEach(() => bench.close());

  const names = async (account: string, catalogue = bench.catalogue()) =>
    (await catalogue.search(as(account), ALL)).items.map(({ name }) => name);

  it('makes one proposal of all investigations of a facility and name that the account is in', async () => {
    const ada = member('db/ada', 'PI');
    const start = (day: string) => new Date(`2026-03-${day}T00:00:00Z`);
    addInvestigation(bench.server, expt('P', ada, member('db/bo', 'Scientist')), { id: 'two', start: start('09') });
    addInvestigation(bench.server, expt('P', ada), { id: 'one', start: start('02'), beamline: ID11 });
    addInvestigation(bench.server, expt('P', member('db/bo', 'PI')), { id: 'three' });
    addInvestigation(bench.server, expt('P', ada), { id: 'elsewhere' }, 'Orion');
    const catalogue = bench.catalogue();
    const { items } = await catalogue.search(as('db/ada'), ALL);
    expect(items.map(({ key, visits }) => [key, visits.map(({ id }) => id)])).toEqual([
      ['lumina:Lumina:P', ['one', 'two']],
      ['lumina:Orion:P', ['elsewhere']],
    ]);
    const found = await catalogue.find(as('db/ada'), keyOf('P'));
    expect(found?.team.map(({ account, roles }) => [account, roles])).toEqual([
      ['db/ada', ['PI']],
      ['db/bo', ['Scientist']],
    ]);
  });

  it('lists datasets of those investigations only', async () => {
    const theirs = addInvestigation(bench.server, expt('P', member('db/ada', 'PI')), { id: '1' });
    const others = addInvestigation(bench.server, expt('P', member('db/bo', 'PI')), { id: '2' });
    const plain = { id: '', createdAt: null, sizeBytes: 0, fileCount: 0, sample: null, technique: null };
    addDataset(bench.server, theirs, { ...plain, name: 'ours', availability: 'online' });
    const foreign = addDataset(bench.server, others, { ...plain, name: 'theirs', availability: 'archived' });
    const catalogue = bench.catalogue();
    const { items } = await catalogue.datasets(as('db/ada'), keyOf('P'), FIRST);
    // Sizes that nobody keeps are 0 in ICAT.
    expect(items).toMatchObject([{ name: 'ours', sizeBytes: null, fileCount: null }]);
    const refused = catalogue.restore(as('db/ada'), keyOf('P'), [String(foreign.id)]);
    await expect(refused).rejects.toMatchObject({ reason: 'not-found' });
    expect(bench.server.ids.where.get(foreign.id)).toBe('ARCHIVED');
  });

  it('shows somebody with two roles once, with both, as the table calls them', async () => {
    addInvestigation(bench.server, expt('P', member('db/ada', 'principal INVESTIGATOR', 'PI', 'Scientist')), {
      id: '1',
    });
    const catalogue = bench.catalogue({
      roles: { PI: 'Principal investigator', 'Principal Investigator': 'Principal investigator' },
    });
    const { items, total } = await catalogue.search(as('db/ada'), ALL);
    expect(total).toBe(1);
    expect(items[0]?.visits).toHaveLength(1);
    expect(items[0]?.team[0]?.roles).toEqual(['Principal investigator', 'Scientist']);
    expect(bench.server.queries.every((query) => /^SELECT DISTINCT i[ .]/.test(query))).toBe(true);
  });

  it('counts nobody as a member for a role that makes none', async () => {
    addInvestigation(bench.server, expt('P', member('db/ada', 'Safety reader'), member('db/bo', 'PI')), { id: '1' });
    const catalogue = bench.catalogue({ roles: { 'safety reader': null } });
    expect(await names('db/ada', catalogue)).toEqual([]);
    expect(await catalogue.isMember(as('db/ada'), keyOf('P'))).toBe(false);
    expect((await catalogue.find(as('db/bo'), keyOf('P')))?.team).toHaveLength(1);
  });

  it('counts groups and instrument scientists where the site says so', async () => {
    const { store } = bench.server;
    const investigation = addInvestigation(bench.server, expt('P', member('db/ada', 'PI')), {
      id: '1',
      beamline: ID11,
    });
    const grouping = store.add('Grouping', { name: 'owners' });
    store.below(grouping, 'userGroups', {}, { user: store.named('User', 'db/gil', { fullName: 'Gil' }) });
    store.below(investigation, 'investigationGroups', { role: 'writer' }, { grouping });
    const instrument = store.named('Instrument', 'ID11');
    store.below(instrument, 'instrumentScientists', {}, { user: store.named('User', 'db/dana', { fullName: 'Dana' }) });
    expect([await names('db/gil'), await names('db/dana')]).toEqual([[], []]);
    const catalogue = bench.catalogue({ membership: ['users', 'groups', 'scientists'] });
    expect([await names('db/gil', catalogue), await names('db/dana', catalogue)]).toEqual([['P'], ['P']]);
    expect((await catalogue.find(as('db/ada'), keyOf('P')))?.team.map(({ name, roles }) => [name, roles])).toEqual([
      ['db/ada', ['PI']],
      ['Gil', ['writer']],
      ['Dana', ['Local contact']],
    ]);
  });

  it('tells "ada" from "ADA" and "P" from "p" where the database does not', async () => {
    bench.server.collation = 'nocase';
    const investigation = addInvestigation(bench.server, expt('P', member('db/ada', 'PI')), { id: '1' });
    expect([await names('db/ada'), await names('db/ADA'), await names('db/ada ')]).toEqual([['P'], [], []]);
    expect(await bench.catalogue().find(as('db/ada'), keyOf('p'))).toBeNull();
    const plain = { id: '', createdAt: null, sizeBytes: 0, fileCount: 0, sample: null, technique: null };
    addDataset(bench.server, investigation, { ...plain, name: 'd', availability: 'online' });
    const datasets = async (name: string, facility?: string) =>
      (await bench.catalogue().datasets(as('db/ada'), keyOf(name, facility), FIRST)).items.length;
    expect([await datasets('P'), await datasets('p'), await datasets('P', 'LUMINA')]).toEqual([1, 0, 0]);
  });

  it("takes what is typed for text: x' OR '1'='1", async () => {
    addInvestigation(bench.server, expt("O'Neil / β", member("db/d'arcy", 'PI')), { id: '1' });
    const catalogue = bench.catalogue();
    for (const account of ["x' OR '1'='1", "x\\' OR 1=1 --", "'", "''", 'a\0b', '\n']) {
      expect(await names(account, catalogue)).toEqual([]);
    }
    expect(await names("db/d'arcy", catalogue)).toEqual(["O'Neil / β"]);
    expect((await catalogue.find(as("db/d'arcy"), keyOf("O'Neil / β")))?.name).toBe("O'Neil / β");
    for (const name of ["x' OR '1'='1", 'a\0b', "P') OR (1=1"]) {
      expect(await catalogue.find(as("db/d'arcy"), keyOf(name))).toBeNull();
    }
  });

  it('pages under maxEntities, whatever its rows come with', async () => {
    const team = Array.from({ length: 30 }, (_, i) => member(`db/u${i}`, 'Scientist'));
    for (let i = 0; i < 23; i++) addInvestigation(bench.server, expt(`P${i}`, ...team), { id: '1', beamline: ID11 });
    bench.server.maxEntities = 130;
    const found = await names('db/u3');
    expect([found.length, new Set(found).size]).toEqual([23, 23]);
    const limits = bench.server.queries.map((query) => / LIMIT (\d+), (\d+)$/.exec(query)?.slice(1).map(Number));
    expect(limits.length).toBeGreaterThan(5);
    expect(limits).not.toContain(undefined);
  });

  it('says so when even one row is too many', async () => {
    const team = Array.from({ length: 12 }, (_, i) => member(`db/u${i}`, 'Scientist'));
    addInvestigation(bench.server, expt('P', ...team), { id: '1' });
    bench.server.maxEntities = 10;
    await expect(names('db/u3')).rejects.toMatchObject({ reason: 'refused', code: 'VALIDATION' });
  });

  it.each([
    ['6.2.1', 'Diffraction'],
    ['5.0.0', 'Diffraction'],
    ['4.11.1', null],
    [null, null],
  ])('asks a server of version %s for what it knows', async (version, technique) => {
    bench.server.version = version;
    const investigation = addInvestigation(bench.server, expt('P', member('db/ada', 'PI')), { id: '1' });
    addDataset(bench.server, investigation, {
      id: '',
      name: 'd',
      createdAt: new Date('2026-03-01T10:00:00Z'),
      sizeBytes: 10,
      fileCount: 1,
      sample: 'weld',
      technique: 'Diffraction',
      availability: 'online',
    });
    const catalogue = bench.catalogue();
    const { items } = await catalogue.datasets(as('db/ada'), keyOf('P'), FIRST);
    expect(items).toMatchObject([{ name: 'd', technique, sample: 'weld', sizeBytes: 10 }]);
    expect(await catalogue.check()).toMatchObject({ product: 'ICAT', version, error: null });
  });

  it("reads dates in whatever zone the server's Java lives", async () => {
    bench.server.zoneMinutes = -150;
    const start = new Date('2026-03-28T23:30:00.250Z');
    addInvestigation(bench.server, expt('P', member('db/ada', 'PI')), { id: '1', start });
    expect((await bench.catalogue().find(as('db/ada'), keyOf('P')))?.visits[0]?.start).toEqual(start);
  });

  it('lists a visit once for each instrument, and one without instrument too', async () => {
    const ada = member('db/ada', 'PI');
    const two = addInvestigation(bench.server, expt('P', ada), { id: 'v', beamline: ID11 });
    const { store } = bench.server;
    store.below(two, 'investigationInstruments', {}, { instrument: store.named('Instrument', 'BM 18/Tomo') });
    addInvestigation(bench.server, expt('Q', ada), { id: 'v' });
    const catalogue = bench.catalogue({
      beamlines: { id11: { id: 'id11-diff', name: 'ID11', technique: 'Diffraction' } },
    });
    expect((await catalogue.find(as('db/ada'), keyOf('P')))?.visits.map(({ beamline }) => beamline)).toEqual([
      { id: 'id11-diff', name: 'ID11', technique: 'Diffraction' },
      { id: 'bm-18-tomo', name: 'BM 18/Tomo', technique: '' },
    ]);
    expect((await catalogue.find(as('db/ada'), keyOf('Q')))?.visits.map(({ beamline }) => beamline.id)).toEqual(['']);
  });

  it('does not take a team it may not read for no team', async () => {
    addInvestigation(bench.server, expt('P', member('db/ada', 'PI')), { id: '1' });
    bench.server.hidden.add('User');
    await expect(names('db/ada')).rejects.toMatchObject({ reason: 'refused' });
    await expect(bench.catalogue().isMember(as('db/ada'), keyOf('P'))).rejects.toMatchObject({ reason: 'refused' });
    expect(await names('db/bo')).toEqual([]);
  });

  it('leaves out what no key can be made of', async () => {
    const ada = member('db/ada', 'PI');
    for (const name of ['', 'ü'.repeat(100), 'P']) addInvestigation(bench.server, expt(name, ada), { id: '1' });
    expect(await names('db/ada')).toEqual(['P']);
  });
});

import { LifecycleRule } from './lifecycle';
import { ALL, FIRST, inGroups, keyOf, ScicatBench } from './testing/scicat-bench';
import { groupOf, storedDataset, storedProposal } from './testing/scicat-seed';

describe('ScicatCatalogue', () => {
  let bench: ScicatBench;
  beforeEach(async () => {
    bench = await ScicatBench.start();
  });
  afterEach(() => bench.close());

  const names = async (account = inGroups('P'), catalogue = bench.catalogue()) =>
    (await catalogue.search(account, ALL)).items.map(({ name }) => name);
  const asked = (path: RegExp) => bench.server.http.asked(path);

  it('goes by the groups of the account, not by what our own account may see', async () => {
    const shared = storedProposal('shared', { accessGroups: ['x', groupOf('P')] });
    bench.server.proposals.push(storedProposal('P'), storedProposal('foreign'), shared);
    expect(await names()).toEqual(['P', 'shared']);
    expect(await bench.catalogue().isMember(inGroups('P'), keyOf('foreign'))).toBe(false);
    const before = bench.server.http.seen.length;
    expect(await names({ ...inGroups(), name: 'reader' })).toEqual([]);
    expect(bench.server.http.seen.length).toBe(before);
  });

  it("takes SciCat's word for groups only about the person who asks, and anew each time", async () => {
    bench.server.proposals.push(storedProposal('P'));
    const ada = { username: 'ada', password: 'x', email: 'ada@test.example', groups: [groupOf('P')], admin: false };
    bench.server.users.push(ada);
    const catalogue = bench.catalogue({ groups: 'scicat' });
    const isMember = (name: string) => catalogue.isMember({ ...inGroups('P'), name }, keyOf('P'));
    expect([await isMember('ada'), await isMember('bo'), await isMember('{"$ne":1}')]).toEqual([true, false, false]);
    ada.groups = [];
    expect(await isMember('ada')).toBe(false);
    const [reader] = bench.server.users;
    bench.server.http.mischief = ({ url }) =>
      url.pathname.endsWith('/findOne')
        ? {
            status: 200,
            text: JSON.stringify({ profile: { username: reader?.username, accessGroups: [groupOf('P')] } }),
          }
        : null;
    expect(await isMember('ada')).toBe(false);
  });

  it('looks at every row again, whatever the server sends', async () => {
    bench.server.proposals.push(storedProposal('P'));
    const rows = [storedProposal('P'), storedProposal('foreign'), storedProposal('public', { isPublished: true })];
    bench.server.http.mischief = ({ url }) =>
      url.pathname.endsWith('/proposals') ? { status: 200, text: JSON.stringify(rows) } : null;
    const catalogue = bench.catalogue();
    expect(await names(inGroups('P'), catalogue)).toEqual(['P']);
    expect(await catalogue.find(inGroups('P'), keyOf('foreign'))).toBeNull();
    expect(await catalogue.find(inGroups('P'), keyOf('public'))).toBeNull();
    expect(await catalogue.find(inGroups('P'), keyOf('P', 'Elsewhere'))).toBeNull();
  });

  it('looks at every dataset again: its proposal, and its groups', async () => {
    bench.server.proposals.push(storedProposal('P'));
    const rows = [
      storedDataset('ours', 'P', { proposalIds: [null, 'P'] }),
      storedDataset('of another proposal', 'Q', { ownerGroup: groupOf('P') }),
      storedDataset('of another group', 'P', { ownerGroup: 'x' }),
      storedDataset('published', 'P', { ownerGroup: 'x', isPublished: true }),
      { ...storedDataset('as v3 writes it', 'P'), proposalIds: undefined, proposalId: 'P' },
    ];
    bench.server.http.mischief = ({ url }) =>
      url.pathname.endsWith('/datasets') ? { status: 200, text: JSON.stringify(rows) } : null;
    const { items } = await bench.catalogue().datasets(inGroups('P'), keyOf('P'), FIRST);
    expect(items.map(({ name }) => name)).toEqual(['as v3 writes it', 'ours']);
  });

  it('never asks where everybody gets everything, nor for whole datasets', async () => {
    bench.server.proposals.push(storedProposal('P'));
    bench.server.datasets.push(storedDataset('d', 'P'), storedDataset('theirs', 'Q'));
    const { items } = await bench.catalogue().datasets(inGroups('P'), keyOf('P'), FIRST);
    expect(items.map(({ name }) => name)).toEqual(['d']);
    expect(asked(/\/proposals\/.+\/datasets/)).toEqual([]);
    const filter = JSON.parse(asked(/\/datasets$/)[0]?.url.searchParams.get('filter') ?? '{}') as { fields: string[] };
    expect(filter.fields).toContain('datasetlifecycle');
    expect(filter.fields).not.toContain('scientificMetadata');
  });

  it('gives proposals their `filters` and datasets their `filter`', async () => {
    bench.server.proposals.push(storedProposal('P'));
    await bench.catalogue().datasets(inGroups('P'), keyOf('P'), FIRST);
    const parameters = (path: RegExp) => asked(path).flatMap(({ url }) => [...url.searchParams.keys()]);
    expect([parameters(/\/proposals$/), parameters(/\/datasets$/)]).toEqual([['filters'], ['filter']]);
  });

  it.each(['2026', '2026-01-01', '20260101', 'May 4', 'MX/2415', "x' || '1'=='1", '{"$ne":null}'])(
    'finds datasets of a proposal called %j, which a bare condition would take for something else',
    async (name) => {
      bench.server.proposals.push(storedProposal(name));
      bench.server.datasets.push(storedDataset('d', name), storedDataset('other', 'other'));
      const { items } = await bench.catalogue().datasets(inGroups(name), keyOf(name), FIRST);
      expect(items.map((dataset) => dataset.name)).toEqual(['d']);
    },
  );

  it('pages through more than one answer holds, and lists what is newest first', async () => {
    const many = Array.from({ length: 450 }, (_, i) => `P${i}`);
    for (const name of many) bench.server.proposals.push(storedProposal(name, { ownerGroup: groupOf('P') }));
    expect(await names()).toHaveLength(450);
    for (let i = 0; i < 450; i++) {
      const creationTime = new Date(Date.UTC(2026, 0, 1, 0, i)).toISOString();
      bench.server.datasets.push(storedDataset(`d${i}`, 'P7', { ownerGroup: groupOf('P'), creationTime }));
    }
    const catalogue = bench.catalogue();
    const { items, more } = await catalogue.datasets(inGroups('P'), keyOf('P7'), { offset: 100, limit: 300 });
    expect([items[0]?.name, items.at(-1)?.name, items.length, more]).toEqual(['d349', 'd50', 300, true]);
  });

  it('asks in parts for somebody with hundreds of groups', async () => {
    const mine = Array.from({ length: 300 }, (_, i) => `proposal-${i}`);
    for (const name of mine)
      bench.server.proposals.push(storedProposal(name, { accessGroups: [groupOf('proposal-0')] }));
    bench.server.proposals.push(storedProposal('foreign'));
    expect(await names(inGroups(...mine))).toHaveLength(300);
    const asks = asked(/\/proposals$/);
    expect(asks.length).toBeGreaterThan(5);
    expect(Math.max(...asks.map(({ url }) => url.href.length))).toBeLessThanOrEqual(2048);
    expect(await bench.catalogue().isMember(inGroups(...mine), keyOf('proposal-299'))).toBe(true);
  });

  it('makes visits of measurement periods, else of the dates of the proposal', async () => {
    bench.server.instruments.push({ pid: 'i1', uniqueName: 'bm18', name: 'BM18' });
    const start = '2026-01-01T19:00:00.000Z';
    bench.server.proposals.push(
      storedProposal('periods', {
        accessGroups: [groupOf('P')],
        MeasurementPeriodList: [
          { id: 'b', instrument: 'ID11', start: '2026-02-01T00:00:00.000Z', end: '2026-02-03T00:00:00.000Z' },
          { id: 'a', instrument: 'Nowhere', start },
        ],
      }),
      storedProposal('dates', { accessGroups: [groupOf('P')], startTime: start, instrumentIds: ['i1', 'gone'] }),
      storedProposal('nothing', { accessGroups: [groupOf('P')] }),
    );
    const known = { id: 'bm18-tomo', name: 'BM18', technique: 'Tomography' };
    const catalogue = bench.catalogue({ beamlines: { bm18: known } });
    const visits = async (name: string) =>
      (await catalogue.find(inGroups('P'), keyOf(name)))?.visits.map((v) => [
        v.id,
        v.beamline.id,
        v.start?.toISOString(),
      ]);
    expect(await visits('periods')).toEqual([
      ['a', 'nowhere', start],
      ['b', 'id11', '2026-02-01T00:00:00.000Z'],
    ]);
    expect(await visits('dates')).toEqual([
      ['1', 'bm18-tomo', start],
      ['1', 'gone', start],
    ]);
    expect(await visits('nothing')).toEqual([['1', '', undefined]]);
  });

  it('names investigators without their mail', async () => {
    const names = { pi_firstname: 'Ada', pi_lastname: 'Okafor', firstname: 'Bo', lastname: 'Lindqvist' };
    bench.server.proposals.push(storedProposal('P', { ...names, pi_email: 'ada@test.example' }));
    const found = await bench.catalogue().find(inGroups('P'), keyOf('P'));
    expect(found?.team).toEqual([
      { account: null, name: 'Ada Okafor', affiliation: null, roles: ['Principal investigator'] },
      { account: null, name: 'Bo Lindqvist', affiliation: null, roles: ['Proposer'] },
    ]);
    expect(JSON.stringify(found)).not.toContain('@');
  });

  it('tells by a table of rules where a dataset is, since sites differ', async () => {
    bench.server.proposals.push(storedProposal('P'));
    const lifecycles = {
      disk: { isOnCentralDisk: true, retrievable: false },
      tape: { isOnCentralDisk: false, retrievable: true },
      gone: { isOnCentralDisk: false, retrievable: false },
      coming: { isOnCentralDisk: false, retrievable: true, retrieveStatusMessage: 'started' },
    };
    for (const [pid, datasetlifecycle] of Object.entries(lifecycles)) {
      bench.server.datasets.push(storedDataset(pid, 'P', { datasetlifecycle }));
    }
    const where = async (catalogue = bench.catalogue()) => {
      const { items } = await catalogue.datasets(inGroups('P'), keyOf('P'), FIRST);
      return Object.fromEntries(items.map(({ id, availability }) => [id, availability]));
    };
    expect(await where()).toEqual({ disk: 'online', tape: 'archived', gone: 'unknown', coming: 'archived' });
    const lifecycle: LifecycleRule[] = [
      { when: { retrieveStatusMessage: 'started' }, is: 'restoring' },
      { when: { isOnCentralDisk: true }, is: 'online' },
    ];
    const here = await where(bench.catalogue({ lifecycle }));
    expect(here).toEqual({ disk: 'online', tape: 'unknown', gone: 'unknown', coming: 'restoring' });
  });
});

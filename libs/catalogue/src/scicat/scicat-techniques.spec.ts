import { Mischief } from '../http/testing/test-server';
import { ALL, inGroups, keyOf, ScicatBench } from './testing/scicat-bench';
import { groupOf, storedDataset, storedProposal } from './testing/scicat-seed';

const term = (name: string) => ({ name, pid: name });

describe('techniques of proposals in SciCat', () => {
  let bench: ScicatBench;
  beforeEach(async () => {
    bench = await ScicatBench.start();
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await bench.close();
  });

  const listed = async (account = inGroups('P'), catalogue = bench.catalogue()) => {
    const { items } = await catalogue.search(account, ALL);
    return Object.fromEntries(items.map(({ name, techniques }) => [name, techniques]));
  };
  const alone = async (account = inGroups('P'), name = 'P') =>
    (await bench.catalogue().find(account, keyOf(name)))?.techniques;
  const asked = (path = /\/datasets$/) => bench.server.http.asked(path);
  const failing = (mischief: Mischief) => {
    bench.server.http.mischief = ({ url }) => (url.pathname.endsWith('/datasets') ? mischief : null);
  };

  it('joins those of all datasets, by name and by term, each once', async () => {
    const pid = 'http://purl.org/pan-science/PaNET/PaNET01216';
    bench.server.proposals.push(storedProposal('P'), storedProposal('Q', { accessGroups: [groupOf('P')] }));
    bench.server.datasets.push(
      storedDataset('1', 'P', { techniques: [{ name: 'Tomography', pid }, term('Diffraction')] }),
      storedDataset('2', 'P', { techniques: [term('Diffraction'), { name: ' ', pid: '' }] }),
      storedDataset('3', 'P', { techniques: [] }),
    );
    expect(await listed()).toEqual({ P: ['Tomography', pid, 'Diffraction'], Q: [] });
    expect([await alone(), await alone(inGroups('P'), 'Q')]).toEqual([['Tomography', pid, 'Diffraction'], []]);
  });

  it('tells nothing of datasets that the groups of the account may not see', async () => {
    bench.server.proposals.push(storedProposal('P'));
    const techniques = [term('Tomography')];
    bench.server.datasets.push(
      storedDataset('1', 'P', { techniques: [term('Diffraction')] }),
      storedDataset('of another group', 'P', { ownerGroup: 'x', techniques }),
      storedDataset('published', 'P', { ownerGroup: 'x', isPublished: true, techniques }),
    );
    expect([await listed(), await alone()]).toEqual([{ P: ['Diffraction'] }, ['Diffraction']]);
    failing({ status: 200, text: JSON.stringify(bench.server.datasets) });
    expect([await listed(), await alone()]).toEqual([{ P: ['Diffraction'] }, ['Diffraction']]);
  });

  it('asks again after a while', async () => {
    bench.server.proposals.push(storedProposal('P'));
    bench.server.datasets.push(storedDataset('1', 'P', { techniques: [term('Diffraction')] }));
    const clock = jest.spyOn(Date, 'now');
    const [start, catalogue] = [Date.now(), bench.catalogue()];
    failing({ status: 400, text: '{"message":"no","statusCode":400}' });
    const at = (minutes: number) => {
      clock.mockReturnValue(start + minutes * 60_000);
      return listed(inGroups('P'), catalogue);
    };
    expect(await at(0)).toEqual({ P: undefined });
    bench.server.http.mischief = () => null;
    expect([await at(9), await at(10)]).toEqual([{ P: undefined }, { P: ['Diffraction'] }]);
  });

  it('asks for nothing of a dataset but what it needs, and for no more than fits a URL', async () => {
    const mine = Array.from({ length: 300 }, (_, i) => `proposal-${i}`);
    for (const name of mine) {
      bench.server.proposals.push(storedProposal(name));
      bench.server.datasets.push(storedDataset(`d of ${name}`, name, { techniques: [term(`T of ${name}`)] }));
    }
    const found = await listed(inGroups(...mine));
    expect(mine.filter((name) => found[name]?.join() !== `T of ${name}`)).toEqual([]);
    expect(asked().length).toBe(asked(/\/proposals$/).length);
    expect(Math.max(...asked().map(({ url }) => url.href.length))).toBeLessThanOrEqual(2048);
    const { fields } = JSON.parse(asked()[0]?.url.searchParams.get('filter') ?? '{}') as { fields: string[] };
    expect(fields).toEqual(['proposalIds', 'ownerGroup', 'accessGroups', 'techniques']);
  });

  it('asks at most once for each page of 1,000 proposals, and not at a check of membership', async () => {
    for (let i = 0; i < 1000; i++) {
      bench.server.proposals.push(storedProposal(`P${i}`, { ownerGroup: groupOf('P') }));
      for (const n of [1, 2, 3]) {
        const techniques = [term('Diffraction')];
        bench.server.datasets.push(storedDataset(`${i}-${n}`, `P${i}`, { ownerGroup: groupOf('P'), techniques }));
      }
    }
    const found = await listed();
    expect(Object.values(found).filter((techniques) => techniques?.join() === 'Diffraction')).toHaveLength(1000);
    expect([asked().length, asked(/\/proposals$/).length]).toEqual([4, 6]);
    expect(await bench.catalogue().isMember(inGroups('P'), keyOf('P7'))).toBe(true);
    expect(asked()).toHaveLength(4);
  });

  it('tells nothing rather than a part, where there are too many datasets to read', async () => {
    bench.server.proposals.push(storedProposal('P'), storedProposal('Q'));
    for (let i = 0; i < 1000; i++) {
      bench.server.datasets.push(storedDataset(`${i}`, 'P', { techniques: [term('Diffraction')] }));
    }
    expect(await listed(inGroups('P', 'Q'))).toEqual({ P: undefined, Q: undefined });
    expect(await alone()).toBeUndefined();
    expect(await alone(inGroups('Q'), 'Q')).toEqual([]);
    expect(asked()).toHaveLength(3);
  });

  it.each<[string, Mischief]>([
    ['refuses', { status: 400, text: '{"message":"no","statusCode":400}' }],
    ['lacks the right', { status: 403, text: '{"message":"Forbidden resource","statusCode":403}' }],
    ['fails', { status: 500, text: '"Internal server error"' }],
    ['answers in another way', { status: 200, text: '[{"pid":"1"}]' }],
    ['hangs', 'hang'],
  ])(
    'lists without techniques where the server %s, asks no more for a while, and the check says so',
    async (_how, how) => {
      bench.server.proposals.push(storedProposal('P'));
      bench.server.datasets.push(storedDataset('1', 'P', { techniques: [term('Diffraction')] }));
      const catalogue = bench.catalogue({ limits: { timeoutMs: 1000, maxBytes: 64 * 1024, maxUrl: 2048 } });
      failing(how);
      expect(await listed(inGroups('P'), catalogue)).toEqual({ P: undefined });
      expect((await catalogue.find(inGroups('P'), keyOf('P')))?.techniques).toBeUndefined();
      expect(asked()).toHaveLength(1);
      const { error, notes } = await catalogue.check();
      const note = /^proposals come without techniques: (refused|failed|timeout|malformed): /;
      expect([error, notes]).toEqual([null, expect.arrayContaining([expect.stringMatching(note)])]);
      bench.server.http.mischief = () => null;
      expect((await catalogue.check()).notes).not.toContainEqual(expect.stringContaining('without techniques'));
    },
  );
});

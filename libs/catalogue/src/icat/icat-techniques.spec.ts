import { Mischief } from '../http/testing/test-server';
import { ALL, as, IcatBench, keyOf, member } from './testing/icat-bench';
import { addDataset, addInvestigation } from './testing/icat-seed';
import { EntityNode } from './testing/entities';

const ada = member('db/ada', 'PI');
const bo = member('db/bo', 'PI', 'Scientist');
const expt = (name: string, ...team: ReturnType<typeof member>[]) => ({ name, title: name, abstract: '', team });
const ABOUT_TECHNIQUES = /^SELECT DISTINCT i\.id, t\.name/;

describe('techniques of proposals in ICAT', () => {
  let bench: IcatBench;
  beforeEach(async () => {
    bench = await IcatBench.start();
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await bench.close();
  });

  let datasets = 0;
  const measured = (investigation: EntityNode, ...techniques: string[]): EntityNode => {
    const plain = { id: '', createdAt: null, sizeBytes: 1, fileCount: 1, sample: null, technique: null };
    const dataset = addDataset(bench.server, investigation, {
      ...plain,
      name: `d${++datasets}`,
      availability: 'online',
    });
    const { store } = bench.server;
    for (const name of techniques) {
      store.below(dataset, 'datasetTechniques', {}, { technique: store.named('Technique', name) });
    }
    return dataset;
  };
  const listed = async (account = 'db/ada', catalogue = bench.catalogue()) => {
    const { items } = await catalogue.search(as(account), ALL);
    return Object.fromEntries(items.map(({ name, techniques }) => [name, techniques]));
  };
  const asked = () => bench.server.queries.filter((query) => ABOUT_TECHNIQUES.test(query));
  const failing = (mischief: Mischief) => {
    bench.server.http.mischief = ({ url }) =>
      ABOUT_TECHNIQUES.test(url.searchParams.get('query') ?? '') ? mischief : null;
  };

  it('joins those of all visits and datasets, by name and by term, each once', async () => {
    const term = 'http://purl.org/pan-science/PaNET/PaNET01216';
    bench.server.store.named('Technique', 'Tomography', { pid: term });
    bench.server.store.named('Technique', 'Blank', { pid: ' ' });
    const [one, two] = ['1', '2'].map((id) => addInvestigation(bench.server, expt('P', ada, bo), { id }));
    addInvestigation(bench.server, expt('Q', ada), { id: '1' });
    if (!one || !two) throw new Error('two visits');
    measured(one, 'Tomography', 'Diffraction');
    measured(one, 'Diffraction');
    measured(two, 'Tomography', 'Blank');
    expect(await listed()).toEqual({ P: ['Diffraction', 'Tomography', term, 'Blank'], Q: [] });
    expect((await bench.catalogue().find(as('db/bo'), keyOf('P')))?.techniques).toHaveLength(4);
  });

  it('tells none of visits the account is not in, and none of another facility', async () => {
    measured(addInvestigation(bench.server, expt('P', ada), { id: '1' }), 'Diffraction');
    measured(addInvestigation(bench.server, expt('P', bo), { id: '2' }), 'Tomography');
    measured(addInvestigation(bench.server, expt('P', ada), { id: '1' }, 'Orion'), 'Imaging');
    expect((await bench.catalogue().find(as('db/ada'), keyOf('P')))?.techniques).toEqual(['Diffraction']);
    expect(await listed('db/bo')).toEqual({ P: ['Tomography'] });
  });

  it('counts nothing that ICAT sends of investigations which are not theirs', async () => {
    const mine = addInvestigation(bench.server, expt('P', ada), { id: '1' });
    const rows = [
      [mine.id, 'Diffraction', null, true, 'x'],
      [mine.id + 900, 'Tomography', null, true, 'x'],
    ];
    failing({ status: 200, text: JSON.stringify(rows) });
    expect(await listed()).toEqual({ P: ['Diffraction'] });
  });

  it.each(['Dataset', 'DatasetTechnique', 'Technique'])(
    'with a session of their own tells nothing of a %s that the rules keep from the person',
    async (type) => {
      const investigation = addInvestigation(bench.server, expt('P', ada, bo), { id: '1' });
      measured(investigation, 'Diffraction');
      const secret = measured(investigation, 'Tomography');
      const [link] = secret.many['datasetTechniques'] ?? [];
      const kept = { Dataset: secret, DatasetTechnique: link, Technique: link?.one['technique'] }[type];
      bench.server.hides = (user, node) => user === 'db/ada' && node === kept;
      for (const name of ['db/ada', 'db/bo']) bench.server.tokens.set(`token of ${name}`, name);
      const catalogue = bench.catalogue({
        access: {
          kind: 'own',
          loginOf: async ({ name }) => ({ plugin: 'oidc', credentials: [{ token: `token of ${name}` }] }),
        },
      });
      expect(await listed('db/ada', catalogue)).toEqual({ P: ['Diffraction'] });
      expect(await listed('db/bo', catalogue)).toEqual({ P: ['Diffraction', 'Tomography'] });
    },
  );

  it('counts what groups and scientists are in, where that makes members', async () => {
    const investigation = addInvestigation(bench.server, expt('P', bo), { id: '1' });
    measured(investigation, 'Diffraction');
    const { store } = bench.server;
    const grouping = store.add('Grouping', { name: 'owners' });
    store.below(grouping, 'userGroups', {}, { user: store.named('User', 'db/ada', { fullName: 'Ada' }) });
    store.below(investigation, 'investigationGroups', { role: 'writer' }, { grouping });
    const catalogue = bench.catalogue({ membership: ['users', 'groups'] });
    expect(await listed('db/ada', catalogue)).toEqual({ P: ['Diffraction'] });
  });

  it.each([['4.11.1'], [null]])(
    'asks nothing of a server of version %s, which knows no techniques',
    async (version) => {
      bench.server.version = version;
      addInvestigation(bench.server, expt('P', ada), { id: '1' });
      expect(await listed()).toEqual({ P: undefined });
      expect(asked()).toEqual([]);
    },
  );

  it.each<[string, Mischief]>([
    ['refuses', { status: 400, text: '{"code":"BAD_PARAMETER","message":"no such thing"}' }],
    ['lacks the right', { status: 403, text: '{"code":"INSUFFICIENT_PRIVILEGES","message":"no"}' }],
    ['fails', { status: 500, text: '{"code":"INTERNAL","message":"x"}' }],
    ['answers in another way', { status: 200, text: '["Diffraction"]' }],
    ['hangs', 'hang'],
  ])(
    'lists without techniques where the server %s, asks no more for a while, and the check says so',
    async (_how, how) => {
      measured(addInvestigation(bench.server, expt('P', ada), { id: '1' }), 'Diffraction');
      const catalogue = bench.catalogue({ limits: { timeoutMs: 1000, maxBytes: 64 * 1024, maxUrl: 2048 } });
      failing(how);
      expect(await listed('db/ada', catalogue)).toEqual({ P: undefined });
      expect((await catalogue.find(as('db/ada'), keyOf('P')))?.techniques).toBeUndefined();
      expect(asked()).toHaveLength(1);
      bench.server.http.mischief = () => null;
      expect((await catalogue.check()).notes).not.toContainEqual(expect.stringContaining('without techniques'));
      failing(how);
      const { error, notes } = await catalogue.check();
      const note = /^proposals come without techniques: (refused|failed|timeout|malformed): /;
      expect([error, notes]).toEqual([null, expect.arrayContaining([expect.stringMatching(note)])]);
    },
  );

  it('asks again after a while', async () => {
    measured(addInvestigation(bench.server, expt('P', ada), { id: '1' }), 'Diffraction');
    const clock = jest.spyOn(Date, 'now');
    const [start, catalogue] = [Date.now(), bench.catalogue()];
    failing({ status: 500, text: '{"code":"INTERNAL","message":"x"}' });
    const at = (seconds: number) => {
      clock.mockReturnValue(start + seconds * 1000);
      return listed('db/ada', catalogue);
    };
    expect(await at(0)).toEqual({ P: undefined });
    bench.server.http.mischief = () => null;
    expect([await at(59), await at(60)]).toEqual([{ P: undefined }, { P: ['Diffraction'] }]);
  });

  it('survives a session that ended in between', async () => {
    measured(addInvestigation(bench.server, expt('P', ada), { id: '1' }), 'Diffraction');
    let ended = false;
    bench.server.http.mischief = ({ url }) => {
      if (ended || !ABOUT_TECHNIQUES.test(url.searchParams.get('query') ?? '')) return null;
      ended = true;
      return { status: 403, text: '{"code":"SESSION","message":"expired"}' };
    };
    expect(await listed()).toEqual({ P: ['Diffraction'] });
    expect(ended).toBe(true);
  });

  it('asks once for 1,000 proposals, and nothing at a check of membership', async () => {
    for (let i = 0; i < 1000; i++) {
      const investigation = addInvestigation(bench.server, expt(`P${i}`, bo), { id: '1' });
      for (let n = 0; n < 3; n++) measured(investigation, 'Diffraction');
    }
    const found = await listed('db/bo');
    expect(Object.values(found)).toHaveLength(1000);
    expect(Object.values(found).every((techniques) => techniques?.join() === 'Diffraction')).toBe(true);
    expect([asked().length, bench.server.queries.length]).toEqual([1, 6]);
    expect(await bench.catalogue().isMember(as('db/bo'), keyOf('P7'))).toBe(true);
    expect(asked()).toHaveLength(1);
  });

  it('does not ask on without end: what was not reached is not known', async () => {
    bench.server.maxEntities = 40;
    const names = ['A', 'B', 'C'];
    for (const name of names) {
      const investigation = addInvestigation(bench.server, expt(name, ada), { id: '1' });
      measured(investigation, ...Array.from({ length: 50 }, (_, i) => `Technique ${i} of ${name}`));
    }
    const found = await listed();
    expect(names.map((name) => found[name]?.length)).toEqual([50, 50, undefined]);
    expect(asked()).toHaveLength(3);
  });
});

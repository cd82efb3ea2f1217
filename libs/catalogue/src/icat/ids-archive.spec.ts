import { as, FIRST, IcatBench, keyOf, member } from './testing/icat-bench';
import { addDataset, addInvestigation } from './testing/icat-seed';
import { Whereabouts } from './testing/ids-twin';

describe("ICAT's data server", () => {
  let bench: IcatBench;
  let ids: number[];
  beforeEach(async () => {
    bench = await IcatBench.start();
    const team = [member('db/ada', 'PI')];
    const investigation = addInvestigation(bench.server, { name: 'P', title: 'T', abstract: '', team }, { id: '1' });
    const plain = { id: '', createdAt: null, sizeBytes: 1, fileCount: 1, sample: null, technique: null };
    ids = Array.from({ length: 80 }, (_, i) => {
      return addDataset(bench.server, investigation, { ...plain, name: `d${i}`, availability: 'online' }).id;
    });
  });
  afterEach(() => bench.close());

  const put = (states: Record<number, Whereabouts>) => {
    for (const [i, state] of Object.entries(states)) bench.server.ids.where.set(ids[Number(i)] ?? 0, state);
  };
  const where = async (catalogue = bench.catalogue()) => {
    const { items } = await catalogue.datasets(as('db/ada'), keyOf('P'), FIRST);
    const found: Record<string, number[]> = {};
    items.forEach(({ availability }, i) => (found[availability] ??= []).push(i));
    return found;
  };
  const asked = () => bench.server.http.asked(/\/ids\/getStatus$/);
  const restores = () => bench.server.http.asked(/\/ids\/restore$/).length;
  const idOf = (i: number) => String(ids[i]);

  it('settles a list that is all online in two questions, always with a session', async () => {
    expect(Object.keys(await where())).toEqual(['online']);
    expect(asked().map(({ url }) => url.searchParams.has('sessionId'))).toEqual([true, true]);
  });

  it('tells the few that are elsewhere from the rest', async () => {
    put({ 3: 'ARCHIVED', 40: 'RESTORING', 79: 'ARCHIVED' });
    const found = await where();
    expect(found).toMatchObject({ archived: [3, 79], restoring: [40] });
    expect(found['online']).toHaveLength(77);
    expect(asked().every(({ url }) => url.href.length <= 2048)).toBe(true);
    expect(restores()).toBe(0);
  });

  it('does not let one broken dataset hide the others', async () => {
    put({ 5: 'BROKEN', 6: 'ARCHIVED' });
    expect(await where()).toMatchObject({ unknown: [5], archived: [6] });
  });

  it('that does not answer, or is not there, hides no dataset', async () => {
    bench.server.http.mischief = ({ url }) => (url.pathname.startsWith('/ids') ? { status: 503, text: 'down' } : null);
    expect((await where())['unknown']).toHaveLength(80);
    expect((await where(bench.catalogue({ idsUrl: null })))['unknown']).toHaveLength(80);
  });

  it('with one level has everything online and restores nothing', async () => {
    bench.server.ids.twoLevel = false;
    expect((await where())['online']).toHaveLength(80);
    expect(asked()).toHaveLength(0);
    const { state } = await bench.catalogue().restore(as('db/ada'), keyOf('P'), [idOf(0)]);
    expect([state, restores()]).toEqual(['done', 0]);
  });

  it('restores on request, once for what is on its way, and never asks what would restore by itself', async () => {
    put({ 1: 'ARCHIVED' });
    const catalogue = bench.catalogue();
    const first = await catalogue.restore(as('db/ada'), keyOf('P'), [idOf(1)]);
    const second = await catalogue.restore(as('db/ada'), keyOf('P'), [idOf(1)]);
    expect([first.state, second.state, restores()]).toEqual(['requested', 'running', 1]);
    bench.server.ids.finishRestores();
    expect(await catalogue.restoreStatus(as('db/ada'), keyOf('P'), first.id)).toMatchObject({ state: 'done' });
    put({ 1: 'BROKEN' });
    expect(await catalogue.restoreStatus(as('db/ada'), keyOf('P'), first.id)).toMatchObject({ state: 'failed' });
    expect(bench.server.http.asked(/isPrepared|prepareData/)).toEqual([]);
  });

  it('says no: that is an answer', async () => {
    put({ 2: 'ARCHIVED' });
    bench.server.ids.forbidden.add(ids[2] ?? 0);
    const restore = () => bench.catalogue().restore(as('db/ada'), keyOf('P'), [idOf(2)]);
    await expect(restore()).rejects.toMatchObject({ name: 'RestoreRefused', reason: 'refused' });
    bench.server.http.mischief = ({ url }) =>
      url.pathname.endsWith('/restore')
        ? { status: 500, text: '{"code":"InsufficientStorageException","message":"full"}' }
        : null;
    bench.server.ids.forbidden.clear();
    await expect(restore()).rejects.toMatchObject({ name: 'RestoreRefused', reason: 'refused' });
    const none = bench.catalogue({ idsUrl: null }).restore(as('db/ada'), keyOf('P'), [idOf(2)]);
    await expect(none).rejects.toMatchObject({ name: 'RestoreRefused', reason: 'unsupported' });
  });

  it('that breaks down over a restore is unavailable', async () => {
    put({ 2: 'ARCHIVED' });
    bench.server.http.mischief = ({ url }) =>
      url.pathname.endsWith('/restore') ? { status: 500, text: '{"code":"InternalException","message":"x"}' } : null;
    const restore = bench.catalogue().restore(as('db/ada'), keyOf('P'), [idOf(2)]);
    await expect(restore).rejects.toMatchObject({ name: 'IcatFault', reason: 'failed' });
  });

  it('says 403 to a dead session as to a forbidden dataset: the session is renewed, and asked again', async () => {
    put({ 2: 'ARCHIVED' });
    const catalogue = bench.catalogue();
    bench.server.http.mischief = ({ url }) => {
      // Ends between the question to ICAT and the one to the data server.
      if (url.pathname.endsWith('/getStatus') && bench.server.http.asked(/getStatus/).length === 1) {
        bench.server.sessions.purge();
      }
      return null;
    };
    const { state } = await catalogue.restore(as('db/ada'), keyOf('P'), [idOf(2)]);
    expect([state, bench.server.http.asked(/\/session$/, 'POST').length]).toEqual(['requested', 2]);
  });
});

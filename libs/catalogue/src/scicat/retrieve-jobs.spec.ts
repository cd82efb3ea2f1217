import { inGroups, keyOf, passwordLogin, ScicatBench } from './testing/scicat-bench';
import { groupOf, storedDataset, storedProposal } from './testing/scicat-seed';

const TAPE = { isOnCentralDisk: false, retrievable: true };
const RETRIEVE = { type: 'retrieve', destinationPath: '/archive/retrieve', onBehalf: true, email: null } as const;

describe('retrieve jobs of SciCat', () => {
  let bench: ScicatBench;
  beforeEach(async () => {
    bench = await ScicatBench.start();
    bench.server.proposals.push(storedProposal('P'), storedProposal('Q', { accessGroups: [groupOf('P')] }));
    bench.server.datasets.push(
      storedDataset('tape', 'P', { datasetlifecycle: { ...TAPE } }),
      storedDataset('disk', 'P'),
      storedDataset('tape of Q', 'Q', { accessGroups: [groupOf('P')], datasetlifecycle: { ...TAPE } }),
    );
  });
  afterEach(() => bench.close());

  const restore = (ids: string[], catalogue = bench.catalogue(), proposal = 'P') =>
    catalogue.restore(inGroups('P'), keyOf(proposal), ids);
  const posts = () => bench.server.http.asked(/\/jobs$/, 'POST');

  it.each(['v3', 'v4'] as const)('are written as %s wants them, over archived datasets only', async (api) => {
    const catalogue = bench.catalogue({ retrieve: { ...RETRIEVE, api } });
    const { id, datasetIds, state } = await restore(['disk', 'tape'], catalogue);
    expect([datasetIds, state]).toEqual([['disk', 'tape'], 'requested']);
    const [job] = bench.server.jobs.jobs.values();
    expect(job).toMatchObject({
      id,
      pids: ['tape'],
      jobParams: { username: 'ada', destinationPath: '/archive/retrieve' },
    });
    const states = [];
    for (const status of [
      'jobSubmitted',
      'inProgress',
      'finishedSuccessful',
      'finishedUnsuccessful',
      'finishedWithError',
    ]) {
      bench.server.jobs.finish(status);
      states.push((await catalogue.restoreStatus(inGroups('P'), keyOf('P'), id))?.state);
    }
    expect(states).toEqual(['requested', 'running', 'done', 'failed', 'failed']);
  });

  it('are shown to those only who may see every dataset in them', async () => {
    const { id } = await restore(['tape of Q'], bench.catalogue(), 'Q');
    expect(await bench.catalogue().restoreStatus(inGroups('P'), keyOf('P'), id)).toBeNull();
    expect(await bench.catalogue().restoreStatus(inGroups('P'), keyOf('Q'), id)).toMatchObject({ id });
  });

  it('are not made for what is on disk', async () => {
    const { id, state } = await restore(['disk']);
    expect([state, posts()]).toEqual(['done', []]);
    expect(await bench.catalogue().restoreStatus(inGroups('P'), keyOf('P'), id)).toMatchObject({ state: 'done' });
    expect(await bench.catalogue().restoreStatus(inGroups('Q'), keyOf('P'), id)).toBeNull();
  });

  it('are refused with a reason', async () => {
    const rules = [{ when: {}, is: 'archived' as const }];
    bench.server.datasets.push(storedDataset('lost', 'P', { datasetlifecycle: { retrievable: false } }));
    const refusals = [
      ['not-archived', () => restore(['lost'], bench.catalogue({ lifecycle: rules }))],
      ['not-archived', () => restore(['lost'])],
      ['unsupported', () => restore(['tape'], bench.catalogue({ retrieve: { ...RETRIEVE, api: 'v4', type: 'zzz' } }))],
      ['unsupported', () => restore(['tape'], bench.catalogue({ retrieve: null }))],
      ['not-found', () => restore(['tape of Q'])],
    ] as const;
    for (const [reason, refused] of refusals) {
      await expect(refused()).rejects.toMatchObject({ name: 'RestoreRefused', reason });
    }
    expect(bench.server.jobs.jobs.size).toBe(0);
  });

  it('belong to a person only where our account may say so', async () => {
    const [reader] = bench.server.users;
    if (reader) Object.assign(reader, { admin: false, groups: [groupOf('P')] });
    await expect(restore(['tape'])).rejects.toMatchObject({ name: 'RestoreRefused', reason: 'refused' });
    const own = bench.catalogue({ retrieve: { ...RETRIEVE, api: 'v4', onBehalf: false } });
    expect((await restore(['tape'], own)).state).toBe('requested');
    if (reader) Object.assign(reader, { admin: true, groups: ['admin'] });
  });

  it('are asked for once, with a token that is known to be good', async () => {
    const catalogue = bench.catalogue({ login: passwordLogin() });
    let forgotten = false;
    bench.server.http.mischief = ({ url }) => {
      // The server starts anew between the last list and the job.
      if (url.pathname.endsWith('/users/my/self') && !forgotten) {
        forgotten = true;
        bench.server.forgetTokens();
      }
      return null;
    };
    await restore(['tape'], catalogue);
    expect([posts().length, bench.server.jobs.jobs.size, bench.logins]).toEqual([1, 1, 2]);
  });
});

import { CatalogueUnavailable } from '../errors';
import { Mischief } from '../http/testing/test-server';
import { ALL, as, FIRST, IcatBench, keyOf, member } from './testing/icat-bench';
import { addInvestigation } from './testing/icat-seed';

const given = (status: number, text: string, type?: string): Mischief => ({ status, text, ...(type ? { type } : {}) });
const limits = { timeoutMs: 1000, maxBytes: 64 * 1024, maxUrl: 2048 };

describe('an ICAT that does not answer as it should', () => {
  let bench: IcatBench;
  beforeAll(async () => {
    bench = await IcatBench.start();
    const team = [member('db/ada', 'PI')];
    addInvestigation(bench.server, { name: 'P', title: 'T', abstract: '', team }, { id: '1' });
  });
  afterAll(() => bench.close());

  it.each<[string, Mischief, string]>([
    ['hangs', 'hang', 'timeout'],
    ['sends a byte now and then', 'trickle', 'timeout'],
    ['is cut off', 'cut', 'unreachable'],
    ['never ends', 'flood', 'malformed'],
    ['sends half of its JSON', given(200, '[{"Investigation":{"id":1'), 'malformed'],
    ['sends a page', given(200, '<html>Welcome</html>', 'text/html'), 'malformed'],
    ['sends nothing', given(200, ''), 'malformed'],
    ['sends an object for a list', given(200, '{"Investigation":{}}'), 'malformed'],
    ['sends other rows', given(200, '[{"User":{"id":1,"name":"x"}}]'), 'malformed'],
    ['sends rows without what they need', given(200, '[{"Investigation":{"id":"1"}}]'), 'malformed'],
    ['says it failed', given(500, '{"code":"INTERNAL","message":"x"}', 'text/plain'), 'failed'],
    ['is replaced by its proxy', given(502, '<html>Bad gateway</html>', 'text/html'), 'failed'],
    ['finds the query bad', given(400, '{"code":"BAD_PARAMETER","message":"x","offset":3}'), 'refused'],
    ['does not know the route', given(501, '{"code":"NOT_IMPLEMENTED","message":"x"}'), 'refused'],
    [
      'redirects',
      { status: 302, text: '', headers: { Location: 'https://elsewhere.example/x?sessionId=1' } },
      'refused',
    ],
  ])('and %s is unavailable, which is never "no"', async (_how, mischief, reason) => {
    const catalogue = bench.catalogue({ limits });
    bench.server.http.mischief = ({ url }) => (url.pathname.endsWith('/entityManager') ? mischief : null);
    const answers = await Promise.allSettled([
      catalogue.search(as('db/ada'), ALL),
      catalogue.find(as('db/ada'), keyOf('P')),
      catalogue.isMember(as('db/ada'), keyOf('P')),
      catalogue.datasets(as('db/ada'), keyOf('P'), FIRST),
      catalogue.restore(as('db/ada'), keyOf('P'), ['1']),
      catalogue.restoreStatus(as('db/ada'), keyOf('P'), '1'),
    ]);
    bench.server.http.mischief = () => null;
    for (const answer of answers) {
      const error: unknown = answer.status === 'rejected' ? answer.reason : answer;
      expect(error).toBeInstanceOf(CatalogueUnavailable);
      expect(error).toMatchObject({ reason });
      expect((error as CatalogueUnavailable).detail).not.toContain('sessionId');
    }
  });

  it('is unreachable where nothing listens, and the check says so', async () => {
    const catalogue = bench.catalogue({ url: 'http://127.0.0.1:9/icat', idsUrl: 'http://127.0.0.1:9/ids', limits });
    await expect(catalogue.isMember(as('db/ada'), keyOf('P'))).rejects.toMatchObject({ reason: 'unreachable' });
    const { error, notes } = await catalogue.check();
    expect(error).toMatchObject({ reason: 'unreachable' });
    expect(notes).toEqual([expect.stringContaining('data server: unreachable')]);
  });

  it('is unavailable while its answers cannot be unpacked, and well again afterwards', async () => {
    const catalogue = bench.catalogue({ limits });
    bench.server.http.mischief = ({ url }) =>
      url.pathname.endsWith('/version') ? { status: 200, text: '{}', headers: { 'Content-Encoding': 'gzip' } } : null;
    await expect(catalogue.isMember(as('db/ada'), keyOf('P'))).rejects.toBeInstanceOf(CatalogueUnavailable);
    bench.server.http.mischief = () => null;
    expect(await catalogue.isMember(as('db/ada'), keyOf('P'))).toBe(true);
  });
});

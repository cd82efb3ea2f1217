import { CatalogueUnavailable } from '../errors';
import { Mischief } from '../http/testing/test-server';
import { ALL, FIRST, inGroups, keyOf, ScicatBench } from './testing/scicat-bench';
import { storedProposal } from './testing/scicat-seed';

const given = (status: number, text: string, type?: string): Mischief => ({ status, text, ...(type ? { type } : {}) });
const limits = { timeoutMs: 1000, maxBytes: 64 * 1024, maxUrl: 2048 };

describe('a SciCat that does not answer as it should', () => {
  let bench: ScicatBench;
  beforeAll(async () => {
    bench = await ScicatBench.start();
    bench.server.proposals.push(storedProposal('P'));
  });
  afterAll(() => bench.close());

  it.each<[string, Mischief, string]>([
    ['hangs', 'hang', 'timeout'],
    ['sends a byte now and then', 'trickle', 'timeout'],
    ['is cut off', 'cut', 'unreachable'],
    ['never ends', 'flood', 'malformed'],
    ['sends half of its JSON', given(200, '[{"proposalId":"P","ti'), 'malformed'],
    ['sends a page', given(200, '<!doctype html><title>SciCat</title>', 'text/html'), 'malformed'],
    ['sends nothing', given(200, ''), 'malformed'],
    ['sends an object for a list', given(200, '{"items":[]}'), 'malformed'],
    ['sends rows without an owner', given(200, '[{"proposalId":"P","title":"T"}]'), 'malformed'],
    [
      'sends dates that are none',
      given(200, '[{"proposalId":"P","title":"T","ownerGroup":"g","startTime":"soon"}]'),
      'malformed',
    ],
    ['fails with a bare text', given(500, '"Internal server error"'), 'failed'],
    ['is replaced by its proxy', given(503, '<html>', 'text/html'), 'failed'],
    ['finds the request bad', given(400, '{"message":["a","b"],"error":"Bad Request","statusCode":400}'), 'refused'],
    ['has too many requests', given(429, '{"message":"slow down","statusCode":429}'), 'refused'],
    ['redirects', { status: 301, text: '', headers: { Location: '/login?token=1' } }, 'refused'],
  ])('and %s is unavailable, which is never "no"', async (_how, mischief, reason) => {
    const catalogue = bench.catalogue({ limits });
    bench.server.http.mischief = ({ url }) => (url.pathname.endsWith('/proposals') ? mischief : null);
    const account = inGroups('P');
    const answers = await Promise.allSettled([
      catalogue.search(account, ALL),
      catalogue.find(account, keyOf('P')),
      catalogue.isMember(account, keyOf('P')),
      catalogue.datasets(account, keyOf('P'), FIRST),
      catalogue.restore(account, keyOf('P'), ['1']),
      catalogue.restoreStatus(account, keyOf('P'), '1'),
    ]);
    bench.server.http.mischief = () => null;
    for (const answer of answers) {
      const error: unknown = answer.status === 'rejected' ? answer.reason : answer;
      expect(error).toBeInstanceOf(CatalogueUnavailable);
      expect(error).toMatchObject({ reason });
      expect((error as CatalogueUnavailable).detail).not.toMatch(/filters|token=/);
    }
  });

  it('and whose database is down is not well', async () => {
    bench.server.http.mischief = ({ url }) =>
      url.pathname.endsWith('/health') ? { status: 503, text: '{"status":"error"}' } : null;
    expect((await bench.catalogue({ limits }).check()).error).toMatchObject({ reason: 'failed' });
    bench.server.http.mischief = () => null;
    expect((await bench.catalogue({ limits }).check()).error).toBeNull();
  });

  it('and gives no token where it should is malformed', async () => {
    bench.server.http.mischief = ({ url }) => (url.pathname.endsWith('/auth/login') ? given(201, '{"id":1}') : null);
    const asked = bench.catalogue({ limits }).isMember(inGroups('P'), keyOf('P'));
    await expect(asked).rejects.toMatchObject({ reason: 'malformed' });
    bench.server.http.mischief = () => null;
  });
});

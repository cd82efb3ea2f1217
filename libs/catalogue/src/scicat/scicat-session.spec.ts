import { CatalogueHttp } from '../http/catalogue-http';
import { ScicatSession } from './scicat-session';
import { ADMIN, ALL, inGroups, keyOf, PASSWORD, passwordLogin, ScicatBench } from './testing/scicat-bench';
import { groupOf, storedProposal } from './testing/scicat-seed';

describe('the token at SciCat', () => {
  let bench: ScicatBench;
  beforeEach(async () => {
    bench = await ScicatBench.start();
    const published = storedProposal('published', { accessGroups: [groupOf('P')], isPublished: true });
    bench.server.proposals.push(storedProposal('P'), published);
  });
  afterEach(() => bench.close());

  const isMember = (catalogue = bench.catalogue()) => catalogue.isMember(inGroups('P'), keyOf('P'));
  const selfs = () => bench.server.http.asked(/\/users\/my\/self$/).length;

  it('is fetched once for many questions', async () => {
    const catalogue = bench.catalogue();
    expect(await Promise.all(Array.from({ length: 8 }, () => isMember(catalogue)))).toEqual(Array(8).fill(true));
    expect(bench.logins).toBe(1);
  });

  it.each(['expired', 'forgotten'])('that is %s makes an empty list, which is not believed', async (how) => {
    const catalogue = bench.catalogue();
    expect(await isMember(catalogue)).toBe(true);
    if (how === 'expired') bench.server.pass(3601);
    else bench.server.forgetTokens();
    expect(await isMember(catalogue)).toBe(true);
    expect([bench.logins, selfs()]).toEqual([2, 1]);
  });

  it('that is good makes an empty list the truth', async () => {
    expect(await bench.catalogue().isMember(inGroups('nothing'), keyOf('P'))).toBe(false);
    expect([bench.logins, selfs()]).toEqual([1, 1]);
  });

  it('is renewed before its time by our clock, and looked at again while it lasts', async () => {
    let seconds = 0;
    bench.server.clockSkew = -7200;
    const session = new ScicatSession(new CatalogueHttp(bench.server.url), passwordLogin(), () => seconds * 1000);
    const work = () => session.use(async (token) => ({ value: token, doubtful: false }));
    const pass = (by: number) => {
      seconds += by;
      bench.server.pass(by);
    };
    const first = await work();
    pass(4);
    expect([await work(), bench.logins, selfs()]).toEqual([first, 1, 0]);
    pass(4);
    expect([await work(), bench.logins, selfs()]).toEqual([first, 1, 1]);
    pass(3000);
    expect([(await work()) === first, bench.logins]).toEqual([false, 2]);
  });

  it('that is bad shortens a list to what is published: that is found out too', async () => {
    let seconds = 0;
    const session = new ScicatSession(new CatalogueHttp(bench.server.url), passwordLogin(), () => seconds * 1000);
    const tokens: string[] = [];
    const work = () =>
      session.use(async (token) => {
        tokens.push(token);
        return { value: token, doubtful: false };
      });
    await work();
    bench.server.forgetTokens();
    seconds = 60;
    const last = await work();
    expect([tokens.length, new Set(tokens).size, tokens.at(-1)]).toEqual([3, 2, last]);
  });

  it('makes 403 of a good one a refusal, and of a bad one a reason to sign in', async () => {
    let refusals = 1;
    bench.server.http.mischief = ({ url }) => {
      if (!url.pathname.endsWith('/proposals') || refusals-- <= 0) return null;
      if (refusals === 0) bench.server.forgetTokens();
      return { status: 403, text: '{"message":"Forbidden resource","error":"Forbidden","statusCode":403}' };
    };
    expect([await isMember(), bench.logins]).toEqual([true, 2]);
    refusals = 10;
    await expect(isMember()).rejects.toMatchObject({ reason: 'refused', said: 'Forbidden resource' });
  });

  it('that is never known ends in an error', async () => {
    bench.server.ttl = 0.001;
    bench.server.http.mischief = ({ url }) => {
      if (url.pathname.endsWith('/proposals')) bench.server.forgetTokens();
      return null;
    };
    await expect(isMember()).rejects.toMatchObject({ reason: 'credentials' });
  });

  it('is not asked for again and again with a wrong password', async () => {
    const catalogue = bench.catalogue({ login: passwordLogin('wrong') });
    for (let i = 0; i < 4; i++) await expect(isMember(catalogue)).rejects.toMatchObject({ reason: 'credentials' });
    expect(bench.logins).toBe(1);
    expect((await catalogue.check()).error?.reason).toBe('credentials');
  });

  it('may be given, and cannot be renewed then', async () => {
    const catalogue = bench.catalogue({ login: { kind: 'token', token: bench.server.token(ADMIN, 100) } });
    expect(await isMember(catalogue)).toBe(true);
    expect(await catalogue.check()).toMatchObject({ product: 'SciCat', error: null, notes: ['signed in as reader'] });
    bench.server.pass(101);
    await expect(isMember(catalogue)).rejects.toMatchObject({ reason: 'credentials' });
    await expect(catalogue.search(inGroups('P'), ALL)).rejects.toMatchObject({ reason: 'credentials' });
    expect(bench.logins).toBe(0);
  });

  it('stays out of addresses and logs, and so does the password', async () => {
    const catalogue = bench.catalogue();
    await isMember(catalogue);
    const token = bench.server.http.asked(/\/proposals$/)[0]?.headers.authorization?.replace('Bearer ', '') ?? '';
    expect(token.length).toBeGreaterThan(10);
    const addresses = bench.server.http.seen.map(({ url }) => decodeURIComponent(url.href)).join('\n');
    expect(addresses).not.toContain(token);
    expect(addresses).not.toContain(PASSWORD);
    bench.server.http.mischief = () => ({ status: 500, text: JSON.stringify({ message: `${token} ${PASSWORD}` }) });
    const told = async (failing: Promise<unknown>) => {
      const error = (await failing.catch((e: unknown) => e)) as Error & { detail: string };
      expect(error.detail).toContain('[secret]');
      return `${error.message} ${error.detail} ${error.stack}`;
    };
    expect(await told(isMember(catalogue))).not.toContain(token);
    expect(await told(isMember())).not.toContain(PASSWORD);
  });
});

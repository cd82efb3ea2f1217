import { CatalogueHttp } from '../http/catalogue-http';
import { HeldSession } from './held-session';
import { IcatClient } from './icat-client';
import { ALL, as, FIRST, IcatBench, keyOf, member, PASSWORD, serviceLogin } from './testing/icat-bench';
import { addInvestigation } from './testing/icat-seed';

describe('sessions at ICAT', () => {
  let bench: IcatBench;
  beforeEach(async () => {
    bench = await IcatBench.start();
    const team = [member('db/ada', 'PI')];
    addInvestigation(bench.server, { name: 'P', title: 'T', abstract: '', team }, { id: '1' });
  });
  afterEach(() => bench.close());

  const logins = () => bench.server.http.asked(/\/session$/, 'POST').length;
  const refreshes = () => bench.server.http.asked(/\/session\//, 'PUT').length;
  const isMember = (catalogue = bench.catalogue()) => catalogue.isMember(as('db/ada'), keyOf('P'));

  it('are opened once for many questions, and closed at the end', async () => {
    const catalogue = bench.catalogue();
    expect(await Promise.all(Array.from({ length: 10 }, () => isMember(catalogue)))).toEqual(Array(10).fill(true));
    expect([logins(), bench.server.sessions.count]).toEqual([1, 1]);
    await catalogue.close();
    expect(bench.server.sessions.count).toBe(0);
  });

  it('are extended at half their life, since use alone does not', async () => {
    let minutes = 0;
    const client = new IcatClient(new CatalogueHttp(bench.server.url));
    const session = new HeldSession(
      client,
      async () => serviceLogin(),
      null,
      () => minutes * 60_000,
    );
    const pass = (by: number) => {
      minutes += by;
      bench.server.sessions.pass(by);
    };
    const userName = () => session.use(async (id) => (await client.session(id)).userName);
    await userName();
    pass(59);
    expect([await userName(), refreshes()]).toEqual(['db/reader', 0]);
    pass(2);
    expect([await userName(), refreshes()]).toEqual(['db/reader', 1]);
    // Long after its end, and purged meanwhile.
    pass(1000);
    bench.server.sessions.purge();
    expect([await userName(), refreshes(), logins()]).toEqual(['db/reader', 2, 2]);
  });

  it.each(['expired', 'purged'])('that are %s are opened anew, once for all who wait', async (how) => {
    const catalogue = bench.catalogue();
    await isMember(catalogue);
    if (how === 'expired') bench.server.sessions.pass(121);
    else bench.server.sessions.purge();
    expect(await Promise.all(Array.from({ length: 5 }, () => isMember(catalogue)))).toEqual(Array(5).fill(true));
    expect(logins()).toBe(2);
  });

  it('are not tried again and again with a wrong password', async () => {
    const catalogue = bench.catalogue({ access: { kind: 'service', login: serviceLogin('wrong') } });
    for (let i = 0; i < 4; i++) await expect(isMember(catalogue)).rejects.toMatchObject({ reason: 'credentials' });
    expect(logins()).toBe(1);
    expect((await catalogue.check()).error?.reason).toBe('credentials');
  });

  it('that end again and again are the fault of our account, not of the person', async () => {
    bench.server.http.mischief = ({ url }) =>
      url.pathname.endsWith('/entityManager')
        ? { status: 403, text: '{"code":"SESSION","message":"gone"}', type: 'text/html' }
        : null;
    await expect(isMember()).rejects.toMatchObject({ reason: 'credentials', code: 'SESSION' });
    expect(logins()).toBe(2);
  });

  it('are not renewed for what is forbidden', async () => {
    bench.server.http.mischief = ({ url }) =>
      url.pathname.endsWith('/entityManager')
        ? { status: 403, text: '{"code":"INSUFFICIENT_PRIVILEGES","message":"READ access denied"}' }
        : null;
    await expect(isMember()).rejects.toMatchObject({ reason: 'refused' });
    expect(logins()).toBe(1);
  });

  it('that nobody can open are a fault of the catalogue, and no secret is told', async () => {
    bench.server.brokenPlugins.add('db');
    const error: unknown = await isMember().catch((e: unknown) => e);
    expect(error).toMatchObject({ reason: 'failed', detail: expect.stringContaining('No authenticator of type db') });
  });

  it('keep passwords out of addresses and logs, and their ids out of logs', async () => {
    const catalogue = bench.catalogue();
    await isMember(catalogue);
    const id = bench.server.http.asked(/\/entityManager$/)[0]?.url.searchParams.get('sessionId') ?? '';
    expect(id.length).toBeGreaterThan(10);
    expect(bench.server.http.seen.every(({ url }) => !decodeURIComponent(url.href).includes(PASSWORD))).toBe(true);
    bench.server.http.mischief = ({ url, method }) =>
      method === 'POST' || url.pathname.endsWith('entityManager')
        ? { status: 500, text: JSON.stringify({ code: 'INTERNAL', message: `${url} ${id} ${PASSWORD}` }) }
        : null;
    const error = (await isMember(catalogue).catch((e: unknown) => e)) as Error & { detail: string };
    expect(error.detail).toContain('INTERNAL');
    expect(`${error.message} ${error.detail} ${error.stack}`).not.toContain(id);
    const fresh = (await isMember().catch((e: unknown) => e)) as Error & { detail: string };
    expect(`${fresh.message} ${fresh.detail} ${fresh.stack}`).not.toContain(PASSWORD);
  });

  describe('of people themselves', () => {
    const own = (users: Record<string, string>) =>
      bench.catalogue({
        access: {
          kind: 'own',
          loginOf: async ({ name }) =>
            users[name] === undefined ? null : { plugin: 'oidc', credentials: [{ token: users[name] }] },
        },
      });

    it('ask in their own name', async () => {
      bench.server.tokens.set('jwt of ada', 'db/ada');
      bench.server.tokens.set('jwt of bo', 'db/bo');
      const catalogue = own({ 'db/ada': 'jwt of ada', 'db/bo': 'jwt of bo' });
      expect((await catalogue.search(as('db/ada'), ALL)).total).toBe(1);
      expect((await catalogue.search(as('db/bo'), ALL)).total).toBe(0);
      expect(bench.server.queries.every((query) => query.includes('u.name = :user'))).toBe(true);
      expect((await catalogue.check()).error).toBeNull();
    });

    it('see their proposal though they may not read who else is in it', async () => {
      bench.server.tokens.set('jwt of ada', 'db/ada');
      bench.server.hidden.add('InvestigationUser');
      const found = await own({ 'db/ada': 'jwt of ada' }).find(as('db/ada'), keyOf('P'));
      expect(found).toMatchObject({ name: 'P', team: [] });
    });

    it('are of nobody else: a token that turns out to be of another is not used', async () => {
      bench.server.tokens.set('jwt of ada', 'db/ada');
      const error = own({ 'db/bo': 'jwt of ada' }).datasets(as('db/bo'), keyOf('P'), FIRST);
      await expect(error).rejects.toMatchObject({ reason: 'credentials' });
      expect(bench.server.sessions.count).toBe(0);
    });

    it('are missing for somebody without a login, which is not "no"', async () => {
      await expect(isMember(own({}))).rejects.toMatchObject({ reason: 'credentials' });
    });
  });
});

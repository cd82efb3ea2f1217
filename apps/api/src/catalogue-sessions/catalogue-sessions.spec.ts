import { join } from 'node:path';
import { IcatTestServer, seedIcat, seedProposals } from '@beamdesk/catalogue/testing';
import type { CatalogueSignInsView, LoginSessionView, ProposalsPage } from '@beamdesk/contracts';
import { Logger } from '@nestjs/common';
import type { TestBrowser } from '../../test/app/browser';
import { createTestApp, type TestApp } from '../../test/app/test-app';
import { CatalogueEntries } from '../adapters/catalogues/catalogue-entries';
import { catalogueEntry } from '../adapters/catalogues/catalogues-schema';
import { CatalogueSessionKeeper } from './catalogue-session-keeper';

const DEMO = join(__dirname, '../../../../config/demo/catalogues.yaml');
const SECRET = 'correct horse battery';

interface Row {
  account: string;
  text: string;
  minutes: number;
}

describe("people's own sessions at a catalogue", () => {
  let icat: IcatTestServer;
  let api: TestApp;
  const said: string[] = [];

  beforeAll(async () => {
    icat = await IcatTestServer.start();
    seedIcat(icat, seedProposals());
    for (const name of ['ada', 'bo', 'chen']) icat.passwords.set(name, `${SECRET} of ${name}`);
    const entry = catalogueEntry.parse({
      id: 'icat',
      kind: 'icat',
      url: icat.url,
      dataServer: icat.idsUrl,
      session: 'own',
    });
    api = await createTestApp({
      env: { CATALOGUES_FILE: DEMO },
      override: (builder) => builder.overrideProvider(CatalogueEntries).useValue(new CatalogueEntries([entry])),
    });
    for (const level of ['log', 'warn', 'error', 'debug'] as const) {
      jest.spyOn(Logger.prototype, level).mockImplementation((...words: unknown[]) => void said.push(words.join(' ')));
    }
  });
  afterAll(async () => {
    await api.close();
    await icat.close();
  });
  beforeEach(async () => {
    icat.http.mischief = () => null;
    icat.brokenPlugins.clear();
    await api.dataSource.query('TRUNCATE catalogue_session');
    await api.dataSource.query(`DELETE FROM catalogue_account WHERE catalogue = 'icat'`);
    icat.sessions.purge();
  });

  let next = 0;
  /** Somebody of a name of their own, so that specs share nothing. */
  const somebody = async (roles: Parameters<TestApp['signedIn']>[1] = ['USER']) => api.signedIn(`p${++next}`, roles);
  const linked = (userId: string, name: string) =>
    api.dataSource.query(
      `INSERT INTO catalogue_account (user_id, catalogue, name, linked_by) VALUES ($1, 'icat', $2, 'administrator')`,
      [userId, name],
    );
  const order = (username: string, password = `${SECRET} of ${username}`) => ({
    catalogue: 'icat',
    authenticator: 'db',
    fields: { username, password },
  });
  const signIn = async (browser: TestBrowser, body: object) => {
    const answer = await browser.send('POST', '/api/catalogue-sessions', body);
    return [answer.status, (answer.body as { code?: string } | null)?.code];
  };
  const page = async (browser: TestBrowser) => (await browser.get('/api/proposals?sort=name')).body as ProposalsPage;
  const names = async (browser: TestBrowser) => (await page(browser)).items.map(({ name }) => name);
  /** A question that only the catalogue itself answers. */
  const asked = async (browser: TestBrowser) => {
    const answer = await browser.get('/api/proposals/icat:Lumina:20260302');
    return [answer.status, (answer.body as { code?: string }).code];
  };
  const rows = (): Promise<Row[]> =>
    api.dataSource.query(
      `SELECT account, row_to_json(s)::text || encode(sealed, 'escape') AS text,
         round(extract(epoch FROM ends_at - now()) / 60)::int AS minutes FROM catalogue_session s ORDER BY account`,
    );
  const keeper = () => api.app.get(CatalogueSessionKeeper);
  const due = () => api.dataSource.query('UPDATE catalogue_session SET refresh_at = now()');

  it('are asked for, opened with what the catalogue wants, and show its proposals at once', async () => {
    const { browser, userId } = await somebody();
    await linked(userId, 'ada');
    expect(await page(browser)).toMatchObject({ items: [], signIn: ['icat'] });
    const { catalogues } = (await browser.get('/api/catalogue-sessions')).body as CatalogueSignInsView;
    const [username, password] = [
      { name: 'username', hidden: false },
      { name: 'password', hidden: true },
    ];
    expect(catalogues).toEqual([
      {
        catalogue: 'icat',
        signedInAs: null,
        authenticators: [
          { id: 'db', label: 'db', fields: [username, password] },
          { id: 'oidc', label: 'Facility login', fields: [{ name: 'token', hidden: true }] },
        ],
      },
    ]);
    expect(await signIn(browser, order('ada'))).toEqual([204, undefined]);
    const after = await page(browser);
    expect([after.items.map(({ name }) => name), after.signIn, after.unavailable]).toEqual([
      ['20260301', '20260302'],
      undefined,
      undefined,
    ]);
    expect((await browser.get(`/api/proposals/${after.items[0]?.key}`)).status).toBe(200);
    expect(icat.queries.every((query) => query.includes(':user') || query.startsWith('SELECT ds'))).toBe(true);
  });

  it('keep neither password nor anything that could be used, in the database, in logs or in answers', async () => {
    const { browser, userId } = await somebody();
    await linked(userId, 'ada');
    await signIn(browser, order('ada'));
    await signIn(browser, order('ada', 'wrong one entirely'));
    icat.http.mischief = ({ body, url }) => ({
      status: 500,
      text: `{"code":"INTERNAL","message":"${url.pathname} ${body}"}`,
    });
    expect(await signIn(browser, order('ada'))).toEqual([503, 'CATALOGUE_UNAVAILABLE']);
    icat.http.mischief = () => null;
    const [id] = icat.http
      .asked(/\/entityManager$/)
      .map(({ url }) => url.searchParams.get('sessionId') ?? '')
      .slice(-1);
    const [row] = await rows();
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    for (const secret of [SECRET, 'correct+horse', 'wrong one', id ?? '']) {
      expect([secret, row?.text.includes(secret)]).toEqual([secret, false]);
      expect([secret, said.filter((line) => line.includes(secret))]).toEqual([secret, []]);
      expect([secret, browser.received.filter((text) => text.includes(secret))]).toEqual([secret, []]);
    }
  });

  it('are of nobody else: not of an account that is another, or that another person has', async () => {
    const ada = await somebody();
    await linked(ada.userId, 'ada');
    const eve = await somebody();
    // What Eve knows of Ada is of no use to her, nor is an account of her own in place of what was linked.
    expect(await signIn(eve.browser, order('ada'))).toEqual([409, 'CATALOGUE_ACCOUNT_TAKEN']);
    expect(await signIn(ada.browser, order('bo'))).toEqual([409, 'CATALOGUE_OTHER_ACCOUNT']);
    expect([await rows(), icat.sessions.count]).toEqual([[], 0]);
    expect(await signIn(ada.browser, order('ada'))).toEqual([204, undefined]);
    expect([await names(ada.browser), await names(eve.browser)]).toEqual([['20260301', '20260302'], []]);
    // A row that was copied opens for nobody.
    await api.dataSource.query(
      `INSERT INTO catalogue_session (user_id, catalogue, account, sealed, ends_at, refresh_at)
       SELECT $1, catalogue, account, sealed, ends_at, refresh_at FROM catalogue_session WHERE user_id = $2`,
      [eve.userId, ada.userId],
    );
    await api.dataSource.query('DELETE FROM catalogue_session WHERE user_id = $1', [ada.userId]);
    await linked(eve.userId, 'ada');
    expect(await asked(eve.browser)).toEqual([409, 'CATALOGUE_SIGN_IN_NEEDED']);
  });

  it('link somebody who has no account there, once, and let in whom the catalogue knows', async () => {
    const { browser, userId } = await somebody([]);
    expect((await browser.get('/api/proposals')).status).toBe(403);
    expect(await signIn(browser, order('chen'))).toEqual([204, undefined]);
    const { conditions } = (await browser.get('/api/session')).body as LoginSessionView;
    await browser.send('POST', '/api/conditions/acceptance', { version: conditions.version });
    expect(await names(browser)).toEqual(['MX/2415']);
    const links: unknown = await api.dataSource.query(
      `SELECT name, linked_by AS by FROM catalogue_account WHERE user_id = $1 AND catalogue = 'icat'`,
      [userId],
    );
    expect(links).toEqual([{ name: 'chen', by: 'person' }]);
    const audit: unknown = await api.dataSource.query(
      `SELECT details FROM audit_entry WHERE kind = 'catalogue-linked' AND subject_id = $1 AND actor_id = $1`,
      [userId],
    );
    expect(audit).toEqual([{ details: { catalogue: 'icat', account: 'chen' } }]);
    const others = await Promise.all([somebody(), somebody()]);
    const answers = await Promise.all(others.map((other) => signIn(other.browser, order('bo'))));
    expect(answers.map(([status]) => status).sort()).toEqual([204, 409]);
  });

  it.each([
    ['a wrong password', order('ada', 'nope'), [403, 'CATALOGUE_LOGIN_REFUSED']],
    ['an unknown catalogue', { ...order('ada'), catalogue: 'demo' }, [404, 'NOT_FOUND']],
    ['an unknown authenticator', { ...order('ada'), authenticator: 'ldap' }, [400, 'BAD_REQUEST']],
    ['one that lets in anybody', { catalogue: 'icat', authenticator: 'anon', fields: {} }, [400, 'BAD_REQUEST']],
    ['a field less', { ...order('ada'), fields: { username: 'ada' } }, [400, 'BAD_REQUEST']],
    ['a field more', { ...order('ada'), fields: { ...order('ada').fields, plugin: 'root' } }, [400, 'BAD_REQUEST']],
    ['a field of no text', { ...order('ada'), fields: { username: 'ada', password: 1 } }, [400, 'BAD_REQUEST']],
    ['an endless field', order('ada', 'x'.repeat(9000)), [400, 'BAD_REQUEST']],
    ['something else', { ...order('ada'), userId: 'x' }, [400, 'BAD_REQUEST']],
  ])('are not opened with %s', async (_what, body, answer) => {
    const { browser } = await somebody();
    expect(await signIn(browser, body)).toEqual(answer);
    expect([await rows(), icat.sessions.count]).toEqual([[], 0]);
  });

  it('take no sign-in without our page behind it, nor many in a row', async () => {
    const { browser } = await somebody();
    expect((await browser.request('POST', '/api/catalogue-sessions', order('ada'))).status).toBe(403);
    expect((await api.browser().send('POST', '/api/catalogue-sessions', order('ada'))).status).toBe(401);
    const answers = [];
    for (let i = 0; i < 12; i++) answers.push((await signIn(browser, order('ada', 'guess')))[0]);
    expect(answers).toEqual([...Array(10).fill(403), 429, 429]);
  });

  it('are extended before they end, for as long as the person is signed in', async () => {
    const { browser, userId } = await somebody();
    await linked(userId, 'ada');
    await signIn(browser, order('ada'));
    icat.sessions.pass(100);
    await api.dataSource.query(`UPDATE catalogue_session SET ends_at = now() + interval '20 minutes'`);
    await keeper().sweep();
    expect((await rows())[0]?.minutes).toBe(20);
    await due();
    await keeper().sweep();
    expect((await rows())[0]?.minutes).toBe(120);
    icat.sessions.pass(100);
    expect(await names(browser)).toHaveLength(2);
    // Down: asked again, not given up.
    await due();
    icat.http.mischief = () => ({ status: 503, text: 'down' });
    await keeper().sweep();
    icat.http.mischief = () => null;
    expect(await rows()).toHaveLength(1);
  });

  it.each(['at the next sweep', 'at the next question'])(
    'that the catalogue forgot are asked for again, %s',
    async (when) => {
      const { browser, userId } = await somebody();
      await linked(userId, 'ada');
      await signIn(browser, order('ada'));
      const [{ key } = { key: '' }] = (await page(browser)).items;
      icat.sessions.purge();
      if (when === 'at the next sweep') {
        await due();
        await keeper().sweep();
      } else {
        const { status, body } = await browser.get(`/api/proposals/${key}`);
        expect([status, (body as { code: string }).code]).toEqual([409, 'CATALOGUE_SIGN_IN_NEEDED']);
      }
      const again = await page(browser);
      // What it showed last stays, as for a catalogue that is down; nobody says that it is.
      expect([await rows(), again.signIn, again.unavailable, again.total]).toEqual([[], ['icat'], undefined, 2]);
      expect(await signIn(browser, order('ada'))).toEqual([204, undefined]);
      expect((await page(browser)).signIn).toBeUndefined();
    },
  );

  it('end there with the last sign-out here, when asked to, and with an account that was linked otherwise', async () => {
    const { browser, userId } = await somebody();
    await linked(userId, 'ada');
    const other = api.browser();
    await other.signIn({ sub: `p${next}`, name: 'x', email: 'x@test.example' });
    await signIn(browser, order('ada'));
    await signIn(browser, order('ada'));
    expect(icat.sessions.count).toBe(1);
    await browser.send('POST', '/api/auth/sign-out');
    await keeper().sweep();
    expect([icat.sessions.count, (await rows()).length]).toEqual([1, 1]);
    icat.http.mischief = () => ({ status: 503, text: 'down' });
    await other.send('POST', '/api/auth/sign-out');
    await keeper().endForsaken();
    expect((await rows()).length).toBe(1);
    icat.http.mischief = () => null;
    await keeper().endForsaken();
    expect([icat.sessions.count, (await rows()).length]).toEqual([0, 0]);

    const second = await somebody();
    expect(await signIn(second.browser, order('bo'))).toEqual([204, undefined]);
    expect((await second.browser.send('POST', '/api/catalogue-sessions/end', { catalogue: 'icat' })).status).toBe(204);
    expect([icat.sessions.count, (await page(second.browser)).signIn]).toEqual([0, ['icat']]);
    await signIn(second.browser, order('bo'));
    await api.dataSource.query(`UPDATE catalogue_account SET name = 'chen' WHERE user_id = $1 AND catalogue = 'icat'`, [
      second.userId,
    ]);
    expect(await asked(second.browser)).toEqual([409, 'CATALOGUE_SIGN_IN_NEEDED']);
    await keeper().sweep();
    expect([icat.sessions.count, (await rows()).length]).toEqual([0, 0]);
  });
});

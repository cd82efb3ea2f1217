import { Catalogue } from '@beamdesk/catalogue';
import type { AuditPage } from '@beamdesk/contracts';
import { TestBrowser } from '../../../test/app/browser';
import { createTestApp, TestApp } from '../../../test/app/test-app';
import { accept, handIn, made } from '../testing/invitations';
import { endRole, grantRole, people, seen } from '../testing/people';
import { asker, decide, grant, staffOf, visitor } from '../testing/requests';
import { UnsureCatalogue } from '../testing/unsure-catalogue';

describe('people, for those who decide about them', () => {
  let portal: TestApp;
  let catalogue: UnsureCatalogue;
  let admin: TestBrowser;
  beforeAll(async () => {
    catalogue = new UnsureCatalogue();
    portal = await createTestApp({ override: (builder) => builder.overrideProvider(Catalogue).useValue(catalogue) });
    ({ browser: admin } = await portal.signedIn('boss', ['ADMIN']));
  });
  afterAll(() => portal?.close());

  const names = async (browser: TestBrowser, query: string) =>
    (await people(browser, query)).items.map(({ name }) => name);

  it('are listed with what lets them in: a catalogue, an invitation, a decision', async () => {
    catalogue.admit('known');
    const known = await visitor(portal, 'known');
    const invited = await visitor(portal, 'invited');
    await handIn(invited.browser, (await made(admin)).code);
    await accept(invited.browser);
    const decided = await visitor(portal, 'decided');
    await grantRole(admin, decided.userId);
    expect((await seen(admin, known.userId)).roles).toMatchObject([
      { source: 'catalogue', by: null, reason: "has proposals in the catalogue 'demo'", state: 'current', mayChange: false },
    ]);
    expect((await seen(admin, invited.userId)).roles).toMatchObject([
      { source: 'invitation', by: 'boss Tester', until: null, state: 'current', mayChange: true, mayEnd: true },
    ]);
    expect(await seen(admin, decided.userId)).toMatchObject({
      logins: [{ issuer: portal.provider.issuer, subject: 'decided' }],
      lastSignInAt: expect.stringContaining('T'),
      roles: [{ source: 'decision', by: 'boss Tester', reason: 'Works with us.' }],
      mayGrant: true,
    });
  });

  it('are found by name, mail and login, page by page', async () => {
    for (const sub of ['walrus a', 'walrus b', 'walrus c']) await portal.signedIn(sub);
    expect(await names(admin, '&search=WALRUS')).toEqual(['walrus a Tester', 'walrus b Tester', 'walrus c Tester']);
    expect(await names(admin, '&search=walrus%20b@test')).toEqual(['walrus b Tester']);
    await portal.dataSource.query(`UPDATE identity SET subject = 'umbrella|4711' WHERE subject = 'walrus c'`);
    expect(await names(admin, '&search=4711')).toEqual(['walrus c Tester']);
    expect(await names(admin, '&search=%25')).toEqual([]);
    const { body } = await admin.get('/api/people?search=walrus&offset=1&limit=1');
    expect(body).toMatchObject({ total: 3, items: [{ name: 'walrus b Tester' }] });
  });

  it('whose roles are over are shown as such, apart from the others', async () => {
    const { userId: ran } = await portal.signedIn('ran out');
    const { userId: taken } = await portal.signedIn('taken back');
    await portal.dataSource.query(`UPDATE authorisation SET expires_at = now() - interval '1 day' WHERE user_id = $1`, [ran]);
    await endRole(admin, (await seen(admin, taken)).roles[0]?.id, 'Shared the login.');
    expect((await seen(admin, ran)).roles).toMatchObject([{ state: 'ended', mayEnd: false, mayChange: false, endedBy: null }]);
    expect((await seen(admin, taken)).roles).toMatchObject([
      { state: 'taken-back', endedBy: 'boss Tester', endReason: 'Shared the login.' },
    ]);
    const shown = await names(admin, '');
    expect(shown).not.toContain('ran out Tester');
    expect(shown).not.toContain('taken back Tester');
    const ended = await names(admin, '&show=ended');
    expect(ended).toEqual(expect.arrayContaining(['ran out Tester', 'taken back Tester']));
    expect(ended).not.toContain('boss Tester');
  });

  describe('of staff of a beamline', () => {
    let here: TestBrowser;
    let elsewhere: TestBrowser;
    beforeAll(async () => {
      ({ browser: here } = await staffOf(portal, 'here', ['id11-diff']));
      ({ browser: elsewhere } = await staffOf(portal, 'elsewhere', ['id16-xrf']));
    });
    const sees = async (browser: TestBrowser, userId: string) =>
      (await people(browser, '&show=all')).items.some(({ id }) => id === userId);

    it('are those they let in themselves', async () => {
      const { userId, request } = await asker(portal, 'let in', { beamline: null });
      expect([await sees(here, userId), await sees(elsewhere, userId)]).toEqual([false, false]);
      await decide(here, request, grant());
      expect([await sees(here, userId), await sees(elsewhere, userId)]).toEqual([true, false]);
    });

    it('are those they invited', async () => {
      const { browser, userId } = await visitor(portal, 'came');
      await handIn(browser, (await made(elsewhere)).code);
      await accept(browser);
      expect([await sees(here, userId), await sees(elsewhere, userId)]).toEqual([false, true]);
    });

    it('are those who asked for it', async () => {
      const { userId } = await asker(portal, 'asks here');
      expect([await sees(here, userId), await sees(elsewhere, userId)]).toEqual([true, false]);
    });

    it('are those who have a proposal there', async () => {
      const { browser, userId } = await portal.signedIn('measures');
      const member = { account: 'measures', name: 'M', affiliation: null, roles: ['Team member'] };
      const beamline = { id: 'id16-xrf', name: 'ID16', technique: 'X-ray fluorescence' };
      const visits = [{ id: '1', beamline, start: null, end: null, localContacts: [] }];
      catalogue.put({ name: 'P-here', title: 'Zinc', abstract: '', visits, team: [member] });
      expect((await browser.get('/api/proposals')).status).toBe(200);
      expect([await sees(here, userId), await sees(elsewhere, userId)]).toEqual([false, true]);
    });

    it('are nobody else, whatever is asked about them', async () => {
      const { userId } = await portal.signedIn('stranger');
      const [held] = (await seen(admin, userId)).roles;
      for (const answer of [
        await here.get(`/api/people/${userId}/history`),
        await grantRole(here, userId),
        await endRole(here, held?.id),
      ]) {
        expect(answer).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
      }
      expect((await seen(admin, userId)).roles).toMatchObject([{ state: 'current' }]);
    });
  });

  it('have a history: what was done about them, by whom, and nothing that they did to others', async () => {
    const { browser: staff, userId: staffId } = await portal.signedIn('teller', ['STAFF']);
    const { userId, request } = await asker(portal, 'told');
    await decide(staff, request, grant());
    const history = async (id: string, query = '') =>
      (await admin.get(`/api/people/${id}/history${query}`)).body as AuditPage;
    const { items, next } = await history(userId, '?limit=2');
    expect(items).toMatchObject([
      { kind: 'role-granted', actor: { name: 'teller Tester' } },
      { kind: 'request-granted', actor: { name: 'teller Tester' } },
    ]);
    const older = await history(userId, `?limit=10&before=${next}`);
    expect(older.items.map(({ kind }) => kind)).toEqual(['request-made', 'sign-in']);
    expect((await history(staffId)).items.map(({ kind }) => kind)).toEqual(['sign-in']);
  });

  it.each([['USER'], ['SUPPORT']] as const)('are nothing for a %s', async (role) => {
    const { browser, userId } = await portal.signedIn(`nosy ${role}`, [role]);
    const { userId: victim } = await portal.signedIn(`victim of ${role}`);
    const [held] = (await seen(admin, victim)).roles;
    for (const answer of [
      await browser.get('/api/people'),
      await browser.get(`/api/people/${userId}/history`),
      await grantRole(browser, victim, { role: 'ADMIN' }),
      await endRole(browser, held?.id),
    ]) {
      expect(answer).toMatchObject({ status: 403, body: { code: 'NOT_ALLOWED' } });
    }
    expect((await seen(admin, victim)).roles).toMatchObject([{ role: 'USER', state: 'current' }]);
  });
});

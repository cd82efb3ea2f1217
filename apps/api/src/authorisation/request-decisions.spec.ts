import { TestBrowser } from '../../test/app/browser';
import { createTestApp, TestApp } from '../../test/app/test-app';
import { asker, audited, decide, grant, listed, staffOf, standing, WISH } from './testing/requests';

const soon = () => new Date(Date.now() + 86_400_000).toISOString();

describe('a request for authorisation', () => {
  let portal: TestApp;
  let admin: TestBrowser;
  let adminId: string;
  beforeAll(async () => {
    portal = await createTestApp();
    ({ browser: admin, userId: adminId } = await portal.signedIn('boss', ['ADMIN']));
  });
  afterAll(() => portal?.close());

  describe('as staff see it', () => {
    it('says who asks by their logins, oldest first, page by page', async () => {
      const first = await asker(portal, 'l1');
      const second = await asker(portal, 'l2', { beamline: null });
      const { items, total, roles, beamlines } = await listed(admin, '?limit=100');
      const mine = items.filter(({ id }) => [first.request, second.request].includes(id));
      expect(mine.map(({ id }) => id)).toEqual([first.request, second.request]);
      expect(mine[0]).toMatchObject({
        ...WISH,
        person: { id: first.userId, name: 'l1 Tester', email: 'l1@test.example' },
        logins: [{ issuer: portal.provider.issuer, subject: 'l1' }],
        decidedBy: null,
      });
      expect(roles).toEqual(['USER', 'STAFF', 'SUPPORT', 'ADMIN']);
      expect(beamlines).toEqual([{ id: 'id11-diff', name: 'ID11' }]);
      const last = await listed(admin, `?offset=${total - 1}&limit=1`);
      expect(last).toMatchObject({ total, items: [{ id: second.request }] });
    });

    it('is for staff of its beamline, and for all staff where it names none', async () => {
      const named = await asker(portal, 's1');
      const open = await asker(portal, 's2', { beamline: null });
      const { browser: here } = await staffOf(portal, 'here', ['id11-diff']);
      const { browser: elsewhere } = await staffOf(portal, 'elsewhere', ['id16-xrf']);
      const seen = async (browser: TestBrowser) => {
        const { items } = await listed(browser, '?limit=100');
        return [named, open].map(({ request }) => items.some(({ id }) => id === request));
      };
      expect(await seen(here)).toEqual([true, true]);
      expect(await seen(elsewhere)).toEqual([false, true]);
      expect(await decide(elsewhere, named.request, grant())).toMatchObject({
        status: 404,
        body: { code: 'NOT_FOUND' },
      });
      expect((await standing(named.browser)).request?.state).toBe('open');
      expect((await decide(here, named.request, grant())).status).toBe(204);
    });

    it('is hidden from staff whose role for the beamline has expired', async () => {
      const { request } = await asker(portal, 's3');
      const { browser, userId } = await staffOf(portal, 'was-here', ['id11-diff']);
      await portal.dataSource.query(
        `INSERT INTO authorisation (user_id, role, source, granted_by, reason, beamlines)
         VALUES ($1, 'STAFF', 'invitation', 'test', 'test', '{id16-xrf}')`,
        [userId],
      );
      await portal.dataSource.query(
        `UPDATE authorisation SET expires_at = now() - interval '1 second' WHERE user_id = $1 AND source = 'decision'`,
        [userId],
      );
      expect((await listed(browser, '?limit=100')).items.map(({ id }) => id)).not.toContain(request);
      expect((await decide(browser, request, grant())).status).toBe(404);
    });

    it.each([['USER'], ['SUPPORT']] as const)('is nothing for a %s', async (role) => {
      const { request } = await asker(portal, `n${role}`);
      const { browser } = await portal.signedIn(`nosy ${role}`, [role]);
      expect(await browser.get('/api/authorisation-requests')).toMatchObject({
        status: 403,
        body: { code: 'NOT_ALLOWED' },
      });
      expect(await decide(browser, request, grant())).toMatchObject({ status: 403, body: { code: 'NOT_ALLOWED' } });
    });
  });

  describe('granted', () => {
    it('lets the person in with that role until then, and says by whom', async () => {
      const { browser, userId, request } = await asker(portal, 'g1');
      const until = soon();
      expect((await browser.get('/api/conditions')).status).toBe(403);
      expect((await decide(admin, request, grant({ until, text: 'Welcome.' }))).status).toBe(204);
      expect((await browser.get('/api/conditions')).status).toBe(200);
      expect(await standing(browser)).toMatchObject({
        authorisations: [
          { role: 'USER', source: 'decision', by: 'boss Tester', reason: WISH.reason, until, beamlines: null },
        ],
        request: { state: 'granted', answer: 'Welcome.' },
      });
      expect((await listed(admin, '?state=decided')).items[0]).toMatchObject({ id: request, decidedBy: 'boss Tester' });
      expect(await audited(admin, userId)).toMatchObject([
        { kind: 'request-made', actor: { id: userId } },
        { kind: 'request-granted', actor: { id: adminId }, details: { request, text: 'Welcome.' } },
        { kind: 'role-granted', actor: { id: adminId }, details: { role: 'USER', source: 'decision', until } },
      ]);
    });

    it('makes staff of beamlines where an administrator says so', async () => {
      const { browser, request } = await asker(portal, 'g2');
      expect((await decide(admin, request, grant({ role: 'STAFF', beamlines: ['id11-diff'] }))).status).toBe(204);
      expect((await standing(browser)).authorisations).toMatchObject([{ role: 'STAFF', beamlines: ['id11-diff'] }]);
    });

    it.each(['STAFF', 'SUPPORT', 'ADMIN'])('never makes a %s where only staff say so', async (role) => {
      const { browser, userId, request } = await asker(portal, `g3 ${role}`);
      const { browser: staff } = await portal.signedIn(`staff ${role}`, ['STAFF']);
      expect(await decide(staff, request, grant({ role }))).toMatchObject({
        status: 403,
        body: { code: 'ROLE_NOT_YOURS_TO_GRANT' },
      });
      expect((await standing(browser)).request?.state).toBe('open');
      expect((await audited(admin, userId)).map(({ kind }) => kind)).toEqual(['request-made']);
    });

    it.each<[string, object]>([
      ['an end in the past', { until: '2020-01-01T00:00:00Z' }],
      ['an end that is no time', { until: 'tomorrow' }],
      ['beamlines of a user', { beamlines: ['id11-diff'] }],
      ['an unknown beamline', { role: 'STAFF', beamlines: ['id99'] }],
      ['no beamline at all', { role: 'STAFF', beamlines: [] }],
      ['an unknown role', { role: 'KING' }],
    ])('is refused with %s', async (what, change) => {
      const { browser, request } = await asker(portal, `g4 ${what}`);
      expect(await decide(admin, request, grant(change))).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } });
      expect((await standing(browser)).request?.state).toBe('open');
    });

    it('by one of two who decide at once; the other hears that it is closed', async () => {
      const { browser, userId, request } = await asker(portal, 'g5');
      const { browser: staff } = await portal.signedIn('g5 staff', ['STAFF']);
      const refusal = { decision: 'refuse', text: 'No.' };
      const answers = await Promise.all([decide(admin, request, grant()), decide(staff, request, refusal)]);
      expect(answers.map(({ status }) => status).sort()).toEqual([204, 409]);
      expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({ code: 'ALREADY_DECIDED' });
      const { request: after, authorisations } = await standing(browser);
      expect(authorisations).toHaveLength(after?.state === 'granted' ? 1 : 0);
      const decisions = (await audited(admin, userId)).filter(({ kind }) => /request-(granted|refused)/.test(kind));
      expect(decisions).toMatchObject([{ kind: `request-${after?.state}` }]);
    });

    it('by nobody to themselves', async () => {
      const { browser, userId, request } = await asker(portal, 'g6');
      await portal.dataSource.query(
        `INSERT INTO authorisation (user_id, role, granted_by, reason) VALUES ($1, 'STAFF', 'test', 'test')`,
        [userId],
      );
      await browser.send('POST', '/api/conditions/acceptance', { version: '1' });
      expect(await decide(browser, request, grant())).toMatchObject({ status: 403, body: { code: 'NOT_ALLOWED' } });
      expect((await standing(browser)).request?.state).toBe('open');
    });
  });

  describe('refused', () => {
    it('leaves the person outside, with the words of the staff, and free to ask again', async () => {
      const { browser, userId, request } = await asker(portal, 'f1');
      const text = 'Please have your principal investigator name you first.';
      expect((await decide(admin, request, { decision: 'refuse', text })).status).toBe(204);
      expect((await browser.get('/api/conditions')).status).toBe(403);
      expect(await standing(browser)).toMatchObject({
        authorisations: [],
        request: { state: 'refused', answer: text },
      });
      expect((await audited(admin, userId)).at(-1)).toMatchObject({
        kind: 'request-refused',
        actor: { id: adminId },
        details: { request, text },
      });
      await browser.send('PUT', '/api/authorisation/request', WISH);
      expect((await standing(browser)).request).toMatchObject({ state: 'open', answer: null });
    });

    it('needs words', async () => {
      const { request } = await asker(portal, 'f2');
      expect((await decide(admin, request, { decision: 'refuse', text: ' ' })).status).toBe(400);
      expect((await decide(admin, request, { decision: 'refuse' })).status).toBe(400);
    });
  });

  it('that nobody made cannot be decided', async () => {
    expect((await decide(admin, '00000000-0000-4000-8000-000000000000', grant())).status).toBe(404);
    expect((await decide(admin, 'x', grant())).status).toBe(400);
  });
});

import { Catalogue } from '@beamdesk/catalogue';
import type { AuthorisationsPage } from '@beamdesk/contracts';
import { TestBrowser } from '../../test/app/browser';
import { createTestApp, TestApp } from '../../test/app/test-app';
import { UnsureCatalogue } from './testing/unsure-catalogue';
import { asker, audited, standing, visitor } from './testing/requests';

const DAY_MS = 86_400_000;

describe('who is authorised', () => {
  let portal: TestApp;
  let catalogue: UnsureCatalogue;
  let admin: TestBrowser;
  let adminId: string;
  beforeAll(async () => {
    catalogue = new UnsureCatalogue();
    portal = await createTestApp({ override: (builder) => builder.overrideProvider(Catalogue).useValue(catalogue) });
    ({ browser: admin, userId: adminId } = await portal.signedIn('boss', ['ADMIN']));
  });
  beforeEach(() => (catalogue.silent = false));
  afterAll(() => portal?.close());

  const again = (sub: string, browser = portal.browser()) =>
    browser.signIn({ sub, name: `${sub} Tester`, email: `${sub}@test.example` }).then(() => browser);

  describe('by a catalogue', () => {
    it('is whoever has a proposal there, for 30 days from each sign-in', async () => {
      catalogue.admit('ada');
      const { browser, userId } = await visitor(portal, 'ada');
      const [held] = (await standing(browser)).authorisations;
      expect(held).toMatchObject({
        role: 'USER',
        source: 'catalogue',
        by: null,
        reason: "has proposals in the catalogue 'demo'",
      });
      expect(Math.abs(Date.parse(held?.until ?? '') - Date.now() - 30 * DAY_MS)).toBeLessThan(60_000);
      await portal.dataSource.query(
        `UPDATE authorisation SET expires_at = now() + interval '1 day' WHERE user_id = $1`,
        [userId],
      );
      await again('ada', browser);
      expect((await standing(browser)).authorisations[0]?.until?.slice(0, 10)).toBe(held?.until?.slice(0, 10));
      expect((await audited(admin, userId)).map(({ kind, actor }) => [kind, actor])).toEqual([['role-granted', null]]);
    });

    it('is nobody else', async () => {
      const { browser } = await visitor(portal, 'eve');
      expect((await standing(browser)).authorisations).toEqual([]);
      expect((await browser.get('/api/conditions')).status).toBe(403);
    });

    it('is over with the last proposal, at the next sign-in', async () => {
      const key = catalogue.admit('bo');
      const { browser, userId } = await visitor(portal, 'bo');
      expect((await browser.get('/api/conditions')).status).toBe(200);
      catalogue.expel(key, 'bo');
      await again('bo');
      expect((await browser.get('/api/conditions')).status).toBe(403);
      expect((await audited(admin, userId)).at(-1)).toMatchObject({ kind: 'role-ended', actor: null });
    });

    it('stays as it is while the catalogue does not answer', async () => {
      catalogue.admit('carl');
      const { browser } = await visitor(portal, 'carl');
      catalogue.silent = true;
      await again('carl');
      expect((await browser.get('/api/conditions')).status).toBe(200);
      const { browser: dora } = await visitor(portal, 'dora');
      expect((await dora.get('/api/conditions')).status).toBe(403);
    });

    it('is looked at again when the person asks for it, which closes an open request', async () => {
      const { browser, userId, request } = await asker(portal, 'emil');
      catalogue.admit('emil');
      const { body } = await browser.send('POST', '/api/authorisation/check');
      expect(body).toMatchObject({
        authorisations: [{ role: 'USER', source: 'catalogue' }],
        request: { id: request, state: 'granted', answer: 'The catalogue knows this account now.' },
      });
      const kinds = (await audited(admin, userId)).map(({ kind }) => kind);
      expect(kinds).toEqual(['request-made', 'role-granted', 'request-granted']);
    });

    it('takes nothing of what staff decided', async () => {
      const { browser, userId } = await portal.signedIn('fay');
      await again('fay');
      expect((await browser.get('/api/conditions')).status).toBe(200);
      expect(await audited(admin, userId)).toEqual([]);
    });

    it('grants once, however many sign-ins come at once', async () => {
      catalogue.admit('twin');
      await Promise.all([again('twin'), again('twin'), again('twin')]);
      const [row] = await portal.dataSource.query<{ user_id: string }[]>(
        `SELECT user_id FROM identity WHERE subject = 'twin'`,
      );
      await portal.dataSource.query(
        `INSERT INTO catalogue_account (user_id, catalogue, name, linked_by) VALUES ($1, 'demo', 'twin', 'test')`,
        [row?.user_id],
      );
      await Promise.all([again('twin'), again('twin'), again('twin')]);
      expect((await audited(admin, row?.user_id ?? '')).map(({ kind }) => kind)).toEqual(['role-granted']);
    });
  });

  describe('as an administrator sees it', () => {
    const page = async (query = '') => (await admin.get(`/api/authorisations${query}`)).body as AuthorisationsPage;

    it('is a list of people with what lets them in, searched by name and mail', async () => {
      const { userId } = await portal.signedIn('gwen', ['USER', 'SUPPORT']);
      expect(await page('?search=GWEN@')).toMatchObject({
        total: 1,
        items: [{ id: userId, name: 'gwen Tester', authorisations: [{ role: 'SUPPORT' }, { role: 'USER' }] }],
      });
      expect((await page('?search=%25')).total).toBe(0);
      await portal.dataSource.query(
        `UPDATE authorisation SET expires_at = now() - interval '1 second' WHERE user_id = $1`,
        [userId],
      );
      expect((await page('?search=gwen')).items).toEqual([]);
    });

    it.each([['USER'], ['STAFF'], ['SUPPORT']] as const)('is nothing for a %s', async (role) => {
      const { browser } = await portal.signedIn(`nosy ${role}`, [role]);
      const { items } = await page('?search=boss');
      expect(await browser.get('/api/authorisations')).toMatchObject({ status: 403, body: { code: 'NOT_ALLOWED' } });
      const answer = await browser.send('DELETE', `/api/authorisations/${items[0]?.authorisations[0]?.id}`);
      expect(answer).toMatchObject({ status: 403, body: { code: 'NOT_ALLOWED' } });
      expect((await page('?search=boss')).items).toEqual(items);
    });

    it('is taken back at once, once, and by nobody from themselves', async () => {
      const { browser, userId } = await portal.signedIn('hugo');
      const held = (await page('?search=hugo')).items[0]?.authorisations[0]?.id;
      expect((await browser.get('/api/quota')).status).toBe(200);
      expect((await admin.send('DELETE', `/api/authorisations/${held}`)).status).toBe(204);
      expect(await browser.get('/api/quota')).toMatchObject({ status: 403, body: { code: 'NOT_AUTHORISED' } });
      expect((await admin.send('DELETE', `/api/authorisations/${held}`)).status).toBe(404);
      expect(await audited(admin, userId)).toMatchObject([
        { kind: 'role-ended', actor: { id: adminId }, details: { role: 'USER' } },
      ]);
      const own = (await page('?search=boss')).items[0]?.authorisations[0]?.id;
      expect(await admin.send('DELETE', `/api/authorisations/${own}`)).toMatchObject({
        status: 409,
        body: { code: 'OWN_ROLE' },
      });
      expect((await admin.send('DELETE', '/api/authorisations/x')).status).toBe(400);
    });

    it('stays taken back, although the catalogue still knows the person, until staff decide otherwise', async () => {
      catalogue.admit('ivy');
      const { browser } = await visitor(portal, 'ivy');
      const held = (await page('?search=ivy')).items[0]?.authorisations[0]?.id;
      await admin.send('DELETE', `/api/authorisations/${held}`);
      await again('ivy', browser);
      expect((await browser.get('/api/conditions')).status).toBe(403);
    });
  });
});

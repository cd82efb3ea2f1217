import { Catalogue } from '@beamdesk/catalogue';
import { TestBrowser } from '../../test/app/browser';
import { createTestApp, TestApp } from '../../test/app/test-app';
import { UnsureCatalogue } from './testing/unsure-catalogue';
import { asker, audited, standing, visitor } from './testing/requests';

const DAY_MS = 86_400_000;

describe('who is authorised', () => {
  let portal: TestApp;
  let catalogue: UnsureCatalogue;
  let admin: TestBrowser;
  beforeAll(async () => {
    catalogue = new UnsureCatalogue();
    portal = await createTestApp({ override: (builder) => builder.overrideProvider(Catalogue).useValue(catalogue) });
    ({ browser: admin } = await portal.signedIn('boss', ['ADMIN']));
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

  it('stays taken back, although the catalogue still knows the person, until staff decide otherwise', async () => {
    catalogue.admit('ivy');
    const { browser, userId } = await visitor(portal, 'ivy');
    const [held] = (await standing(browser)).authorisations;
    const end = await admin.send('POST', `/api/authorisations/${held?.id}/end`, { reason: 'Left the team.' });
    expect(end.status).toBe(204);
    await again('ivy', browser);
    expect((await browser.get('/api/conditions')).status).toBe(403);
    expect((await standing(browser)).ended).toMatchObject({ role: 'USER', by: 'boss Tester', reason: 'Left the team.' });
    const grant = { role: 'USER', until: null, beamlines: null, reason: 'Back again.' };
    expect((await admin.send('POST', `/api/people/${userId}/roles`, grant)).status).toBe(204);
    expect((await browser.get('/api/conditions')).status).toBe(200);
  });
});

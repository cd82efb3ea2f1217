import { TestBrowser } from '../../test/app/browser';
import { createTestApp, TestApp } from '../../test/app/test-app';
import { asker, audited, listed, standing, visitor, WISH } from './testing/requests';

describe('a request for authorisation', () => {
  let portal: TestApp;
  let admin: TestBrowser;
  beforeAll(async () => {
    portal = await createTestApp();
    ({ browser: admin } = await portal.signedIn('boss', ['ADMIN']));
  });
  afterAll(() => portal?.close());

  describe('of somebody with a login and nothing else', () => {
    it('is made, shown to them, changed while it is open, and one', async () => {
      const { browser, userId } = await visitor(portal, 'r1');
      expect(await standing(browser)).toEqual({
        authorisations: [],
        request: null,
        ended: null,
        beamlines: [{ id: 'id11-diff', name: 'ID11' }],
      });
      const made = await browser.send('PUT', '/api/authorisation/request', { ...WISH, reason: `  ${WISH.reason} ` });
      const request = {
        ...WISH,
        id: expect.any(String),
        state: 'open',
        askedAt: expect.any(String),
        decidedAt: null,
        answer: null,
      };
      expect(made).toMatchObject({ status: 200, body: { request } });
      const changed = { affiliation: 'ILL', reason: 'Another reason altogether.', proposal: null, beamline: null };
      await Promise.all([1, 2, 3].map(() => browser.send('PUT', '/api/authorisation/request', changed)));
      expect((await standing(browser)).request).toEqual({ ...request, ...changed });
      const kinds = (await audited(admin, userId)).map(({ kind, details }) => [kind, details['changed']]);
      expect(kinds).toEqual([false, true, true, true].map((again) => ['request-made', again]));
    });

    it('is withdrawn, once', async () => {
      const { browser, userId, request } = await asker(portal, 'r2');
      expect(await browser.send('DELETE', '/api/authorisation/request')).toMatchObject({
        status: 200,
        body: { request: { id: request, state: 'withdrawn' } },
      });
      expect((await browser.send('DELETE', '/api/authorisation/request')).status).toBe(404);
      expect((await listed(admin)).items.map(({ id }) => id)).not.toContain(request);
      expect((await audited(admin, userId)).at(-1)).toMatchObject({ kind: 'request-withdrawn', details: { request } });
    });

    it.each<[string, object]>([
      ['a reason of a few letters', { reason: 'let me in' }],
      ['a reason of nothing', { reason: '            ' }],
      ['a reason without end', { reason: 'x'.repeat(2001) }],
      ['a NUL', { reason: 'a good reason\0 for it' }],
      ['two lines of affiliation', { affiliation: 'a\nb' }],
      ['no affiliation', { affiliation: ' ' }],
      ['an unknown beamline', { beamline: 'id99' }],
      ['a path for a beamline', { beamline: '../id11' }],
      ['a role', { role: 'ADMIN' }],
    ])('is refused with %s', async (what, change) => {
      const { browser } = await visitor(portal, `bad ${what}`);
      const answer = await browser.send('PUT', '/api/authorisation/request', { ...WISH, ...change });
      expect(answer).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } });
      expect((await standing(browser)).request).toBeNull();
    });

    it('is refused where the account is authorised already', async () => {
      const { browser } = await portal.signedIn('r3');
      expect(await browser.send('PUT', '/api/authorisation/request', WISH)).toMatchObject({
        status: 409,
        body: { code: 'ALREADY_AUTHORISED' },
      });
    });

    it("shows nobody another's", async () => {
      await asker(portal, 'r4');
      const { browser } = await visitor(portal, 'r5');
      expect((await standing(browser)).request).toBeNull();
    });
  });
});

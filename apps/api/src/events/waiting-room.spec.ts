import { EVENTS_CLOSE } from '@beamdesk/contracts';
import { TestBrowser } from '../../test/app/browser';
import { createTestApp, TestApp } from '../../test/app/test-app';
import { asker, standing, visitor } from '../authorisation/testing/requests';
import { EventTab } from './testing/event-tab';
import { until } from './testing/until';

const GRANT = { decision: 'grant', role: 'USER', until: null, beamlines: null, text: null };

describe('GET /api/events?about=authorisation', () => {
  let portal: TestApp;
  let admin: TestBrowser;
  const tabs: EventTab[] = [];
  beforeAll(async () => {
    portal = await createTestApp();
    ({ browser: admin } = await portal.signedIn('boss', ['ADMIN']));
  });
  afterAll(() => portal?.close());
  afterEach(() => tabs.splice(0).forEach((tab) => tab.socket.terminate()));

  const open = (browser: TestBrowser, query = '?about=authorisation'): EventTab => {
    const tab = new EventTab(portal.url, browser.cookies(), {}, query);
    tabs.push(tab);
    return tab;
  };
  const decide = (id: string, decision: object) =>
    admin.send('POST', `/api/authorisation-requests/${id}/decision`, decision);

  it('tells every open tab of the person that a decision was made, and nobody else', async () => {
    const ana = await asker(portal, 'ana');
    const ben = await visitor(portal, 'ben');
    const [first, second, other] = [open(ana.browser), open(ana.browser), open(ben.browser)];
    await until(() => tabs.every(({ authorisations }) => authorisations === 1));
    await decide(ana.request, GRANT);
    await until(() => first.authorisations > 1 && second.authorisations > 1);
    expect((await standing(ana.browser)).request?.state).toBe('granted');
    const { browser, request } = await asker(portal, 'cy');
    await decide(request, { decision: 'refuse', text: 'No.' });
    expect((await standing(browser)).request?.state).toBe('refused');
    const quiet = open(ben.browser);
    await until(() => quiet.authorisations === 1);
    expect([other.authorisations, other.events, other.closed]).toEqual([1, [], null]);
  });

  it('is closed for strangers, and with the sign-out', async () => {
    const stranger = open(portal.browser());
    await until(() => stranger.closed);
    expect(stranger.closed?.code).toBe(EVENTS_CLOSE.SIGNED_OUT);
    const { browser } = await visitor(portal, 'dee');
    const tab = open(browser);
    await until(() => tab.authorisations === 1);
    await browser.send('POST', '/api/auth/sign-out');
    await until(() => tab.closed);
    expect(tab.closed?.code).toBe(EVENTS_CLOSE.SIGNED_OUT);
  });

  it('is all that somebody gets who is let into nothing', async () => {
    const { browser } = await visitor(portal, 'eli');
    for (const query of ['', '?about=instances', '?about=authorisation2']) {
      const tab = open(browser, query);
      await until(() => tab.closed);
      expect([tab.closed?.code, tab.events, tab.authorisations]).toEqual([EVENTS_CLOSE.FORBIDDEN, [], 0]);
    }
  });

  describe('without the query', () => {
    const held = async (userId: string, role: string) => {
      const [row] = await portal.dataSource.query<{ id: string }[]>(
        'SELECT id FROM authorisation WHERE user_id = $1 AND role = $2',
        [userId, role],
      );
      return row?.id;
    };

    it('ends at once for somebody whose last role is taken back, and for nobody else', async () => {
      const [fay, gil] = [await portal.signedIn('fay'), await portal.signedIn('gil')];
      const [lost, kept] = [open(fay.browser, ''), open(gil.browser, '')];
      await until(() => lost.last && kept.last);
      await admin.send('POST', `/api/authorisations/${await held(fay.userId, 'USER')}/end`, { reason: 'a test' });
      await until(() => lost.closed, 5_000);
      expect(lost.closed?.code).toBe(EVENTS_CLOSE.FORBIDDEN);
      expect(kept.closed).toBeNull();
    });

    it('tells the other pages of somebody who loses one of several roles, with the limits that are left', async () => {
      const { browser, userId } = await portal.signedIn('hal', ['USER', 'STAFF']);
      const tab = open(browser, '');
      await until(() => tab.last);
      await admin.send('POST', `/api/authorisations/${await held(userId, 'STAFF')}/end`, { reason: 'a test' });
      await until(() => tab.authorisations === 1 && tab.events.length === 2);
      expect(tab.last).toMatchObject({ type: 'snapshot', seq: 2 });
      expect(tab.closed).toBeNull();
    });

    it('hears within 15 seconds what runs out by its date: one of several roles, or the last', async () => {
      const [ida, jon] = [await portal.signedIn('ida', ['USER', 'STAFF']), await portal.signedIn('jon')];
      const [fewer, none] = [open(ida.browser, ''), open(jon.browser, '')];
      await until(() => fewer.last && none.last);
      const running = `UPDATE authorisation SET expires_at = now() + interval '1 second' WHERE user_id = $1 AND role = $2`;
      await portal.dataSource.query(running, [ida.userId, 'STAFF']);
      await portal.dataSource.query(running, [jon.userId, 'USER']);
      await until(() => none.closed && fewer.authorisations === 1, 35_000);
      expect([none.closed?.code, fewer.closed]).toEqual([EVENTS_CLOSE.FORBIDDEN, null]);
    }, 60_000);
  });
});

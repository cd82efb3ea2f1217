import type { QuotasPage, QuotaView, SubjectDetail } from '@beamdesk/contracts';
import type { TestBrowser } from '../../test/app/browser';
import { TEST_SITE } from '../../test/app/test-site';
import { createDesktopApp, type DesktopApp } from '../desktops/testing/desktop-app';
import { EventTab } from '../events/testing/event-tab';
import { until } from '../events/testing/until';

const SITE = TEST_SITE.replace(
  'quotas:\n',
  'quotas:\n  PROPOSAL: { machines: 3 }\n  BEAMLINE: { vcpus: 8 }\n  period: { days: 7 }\n',
);
const REASON = 'A campaign in March.';

describe('limits of others', () => {
  let house: DesktopApp;
  let key: string;
  let ada: { browser: TestBrowser; userId: string };
  let bo: { browser: TestBrowser; userId: string };
  let staff: { browser: TestBrowser; userId: string };
  let elsewhere: { browser: TestBrowser; userId: string };
  let admin: { browser: TestBrowser; userId: string };

  beforeAll(async () => {
    house = await createDesktopApp({ site: SITE });
    key = house.proposal('P1', ['ada', 'bo']);
    ada = await house.signedIn('ada');
    bo = await house.signedIn('bo');
    staff = await house.signedIn('sam', ['STAFF']);
    elsewhere = await house.signedIn('eve', ['STAFF']);
    admin = await house.signedIn('root', ['ADMIN']);
    const of = `UPDATE authorisation SET beamlines = ARRAY[$2] WHERE user_id = $1 AND role = 'STAFF'`;
    await house.api.dataSource.query(of, [staff.userId, 'id11-diff']);
    await house.api.dataSource.query(of, [elsewhere.userId, 'bm18-tomo']);
    for (const { browser } of [ada, bo]) await browser.get('/api/proposals');
  });
  afterAll(() => house.close());
  beforeEach(() => house.api.dataSource.query('TRUNCATE instance, quota_override CASCADE'));

  const launch = (browser: TestBrowser) => browser.send('PUT', `/api/proposals/${key}/services/desktop`, {});
  const limits = (path: string) => `/api/quotas/${path}/overrides`;
  const set = (who: { browser: TestBrowser }, path: string, amounts: object, times: object = {}) =>
    who.browser.send('POST', limits(path), { amounts, reason: REASON, ...times });
  const detail = async (who: { browser: TestBrowser }, path: string) =>
    (await who.browser.get(`/api/quotas/${path}`)).body as SubjectDetail;
  const mine = async ({ browser }: { browser: TestBrowser }) => (await browser.get('/api/quota')).body as QuotaView;
  const own = async (who: { browser: TestBrowser }) => (await mine(who)).limits.machines;

  it('stand in the way of a launch, whosever they are, and the refusal says whose and what holds it', async () => {
    expect((await launch(ada.browser)).status).toBe(200);
    await set(admin, `proposal/${key}`, { machines: 1 });
    const refused = await launch(bo.browser);
    expect(refused).toMatchObject({ status: 409, body: { code: 'QUOTA_EXCEEDED' } });
    expect(refused.body).toMatchObject({
      message: "The quota of proposal P1 does not allow this (1 of 1 desktop: 1 other people's in use).",
      details: { shortfalls: [{ resource: 'machines', missing: 1, subject: { kind: 'proposal', name: 'P1' } }] },
    });
    const { subjects, periodDays, shared } = await mine(bo);
    expect(subjects.map(({ subject, usage }) => [subject.kind, usage.machines])).toEqual([
      ['user', 0],
      ['proposal', 1],
      ['beamline', 1],
    ]);
    expect([periodDays, shared.proposal.machines]).toEqual([7, 3]);
    expect(JSON.stringify(subjects)).not.toContain('ada');
    await set(admin, `proposal/${key}`, { machines: 2 });
    expect((await launch(bo.browser)).status).toBe(200);
  });

  it('count hours of the whole life of a desktop', async () => {
    await set(admin, `user/${ada.userId}`, { vcpuMinutes: 59 });
    const refused = await launch(ada.browser);
    expect(refused.body).toMatchObject({
      code: 'QUOTA_EXCEEDED',
      message: 'Your quota does not allow this (0 of 1 vCPU-hour in use).',
      details: { shortfalls: [{ resource: 'vcpuMinutes', requested: 60, available: 59 }] },
    });
    await set(admin, `user/${ada.userId}`, { vcpuMinutes: 60 });
    expect((await launch(ada.browser)).status).toBe(200);
  });

  it('are listed with what is used, for those whose beamlines have to do with it', async () => {
    await launch(ada.browser);
    const listed = async (who: { browser: TestBrowser }, query: string) =>
      ((await who.browser.get(`/api/quotas?${query}`)).body as QuotasPage).items.map(({ subject }) => subject.name);
    expect(await listed(staff, 'kind=user&q=tester')).toEqual(['ada Tester', 'bo Tester']);
    expect(await listed(elsewhere, 'kind=user')).toEqual([]);
    expect(await listed(admin, 'kind=user&q=ada')).toEqual(['ada Tester']);
    expect(await listed(staff, 'kind=proposal')).toEqual(['P1']);
    expect(await listed(elsewhere, 'kind=proposal')).toEqual([]);
    expect(await listed(staff, 'kind=beamline')).toEqual(['ID11']);
    expect(await listed(elsewhere, 'kind=beamline')).toEqual([]);
    expect(await listed(staff, 'kind=site')).toEqual([]);
    expect(await listed(admin, 'kind=site')).toEqual(['Whole site']);
    const { usage, desktops, others } = await detail(staff, `user/${ada.userId}`);
    expect([usage.machines, usage.vcpuMinutes, others]).toEqual([1, 60, 0]);
    expect(desktops).toMatchObject([{ owner: 'ada Tester', proposalName: 'P1', plan: 'Tiny' }]);
  });

  it('name a proposal without a desktop only when it is looked for', async () => {
    const found = async (q: string) =>
      ((await staff.browser.get(`/api/quotas?kind=proposal&q=${q}`)).body as QuotasPage).items.length;
    expect([await found(''), await found('p1')]).toEqual([0, 1]);
  });

  it('are nobody else’s: 404 for other staff, for the site and for what is not there', async () => {
    const paths = [`user/${ada.userId}`, `proposal/${key}`, 'beamline/id11-diff', 'site/site'];
    for (const path of paths) {
      expect([path, (await elsewhere.browser.get(`/api/quotas/${path}`)).status]).toEqual([path, 404]);
      expect([path, (await set(elsewhere, path, { machines: 9 })).status]).toEqual([path, 404]);
    }
    expect((await staff.browser.get('/api/quotas/site/site')).status).toBe(404);
    for (const path of [
      'user/00000000-0000-4000-8000-000000000000',
      'user/x',
      'proposal/none',
      'beamline/x',
      'site/x',
    ]) {
      expect([path, (await admin.browser.get(`/api/quotas/${path}`)).status]).toEqual([path, 404]);
    }
    expect((await ada.browser.get('/api/quotas')).status).toBe(403);
    const [row] = await house.api.dataSource.query<{ n: number }[]>('SELECT count(*)::int AS n FROM quota_override');
    expect(row?.n).toBe(0);
  });

  it.each([
    ['no amount', { amounts: {}, reason: REASON }],
    ['no reason', { amounts: { machines: 1 } }],
    ['a fraction', { amounts: { machines: 1.5 }, reason: REASON }],
    ['a negative amount', { amounts: { vcpus: -1 }, reason: REASON }],
    ['an unknown amount', { amounts: { shoes: 1 }, reason: REASON }],
    ['an end that is over', { amounts: { vcpus: 1 }, reason: REASON, endsAt: '2020-01-01T00:00:00Z' }],
    [
      'an end before the start',
      { amounts: { vcpus: 1 }, reason: REASON, startsAt: '2090-02-01T00:00:00Z', endsAt: '2090-01-01T00:00:00Z' },
    ],
  ])('are not changed with %s', async (_, body) => {
    expect((await admin.browser.send('POST', limits(`user/${ada.userId}`), body)).status).toBe(400);
  });

  it('can be ended before their time, once, by somebody who may; the audit tells both', async () => {
    const path = `user/${ada.userId}`;
    expect(await own(ada)).toBe(2);
    expect((await set(staff, path, { machines: 7 }, { endsAt: '2090-01-01T00:00:00Z' })).status).toBe(204);
    expect(await own(ada)).toBe(7);
    const [override] = (await detail(staff, path)).overrides;
    expect(override).toMatchObject({ author: 'sam Tester', reason: REASON, state: 'in-force', counts: ['machines'] });
    const end = (who: { browser: TestBrowser }) => who.browser.send('DELETE', `${limits(path)}/${override?.id ?? ''}`);
    expect((await end(elsewhere)).status).toBe(404);
    expect((await staff.browser.send('DELETE', `${limits(`user/${bo.userId}`)}/${override?.id ?? ''}`)).status).toBe(
      404,
    );
    expect(await own(ada)).toBe(7);
    expect((await end(staff)).status).toBe(204);
    expect((await end(staff)).status).toBe(404);
    expect(await own(ada)).toBe(2);
    expect((await detail(admin, path)).overrides).toMatchObject([{ state: 'ended', endedBy: 'sam Tester' }]);
    const told = (await admin.browser.get(`/api/audit?person=${ada.userId}&limit=2`)).body as { items: unknown[] };
    expect(told.items).toMatchObject([
      { kind: 'quota-ended', actor: { id: staff.userId }, details: { override: override?.id } },
      { kind: 'quota-changed', details: { limitsOf: 'user', amounts: ['machines: 7'], reason: REASON } },
    ]);
  });

  it('of one’s own are for somebody else to change, administrators apart', async () => {
    await house.api.dataSource.query(`UPDATE authorisation SET granted_by = $1 WHERE user_id = $1`, [staff.userId]);
    expect((await staff.browser.get(`/api/quotas/user/${staff.userId}`)).status).toBe(200);
    expect((await set(staff, `user/${staff.userId}`, { machines: 99 })).status).toBe(403);
    expect((await set(admin, `user/${admin.userId}`, { machines: 3 })).status).toBe(204);
  });

  describe('on open pages', () => {
    const tabs: EventTab[] = [];
    afterEach(() => tabs.splice(0).forEach((tab) => tab.socket.terminate()));
    const opened = async ({ browser }: { browser: TestBrowser }): Promise<EventTab> => {
      const tab = new EventTab(house.api.url, browser.cookies());
      tabs.push(tab);
      await until(() => tab.last);
      return tab;
    };
    const machines = (tab: EventTab) => (tab.last as { quota?: QuotaView } | undefined)?.quota?.limits.machines;

    it('are seen at once by those whom they concern, and by nobody else', async () => {
      const [hers, his] = [await opened(ada), await opened(bo)];
      await set(staff, `user/${ada.userId}`, { machines: 5 });
      await until(() => machines(hers) === 5);
      await set(staff, `proposal/${key}`, { machines: 1 });
      await until(() => hers.events.length === 3 && his.events.length === 2);
      expect(his.events.map(({ type }) => type)).toEqual(['snapshot', 'quota']);
    });

    it('begin and end by themselves, told by the clock', async () => {
      const tab = await opened(ada);
      const at = (ms: number) => new Date(Date.now() + ms).toISOString();
      await set(staff, `user/${ada.userId}`, { machines: 6 }, { startsAt: at(700), endsAt: at(1600) });
      await until(() => tab.events.length === 4);
      const seen = tab.events.map((event) => (event as { quota?: QuotaView }).quota?.limits.machines);
      expect(seen).toEqual([2, 2, 6, 2]);
    });

    it('that are shared are seen to fill by what others launch', async () => {
      await set(staff, `proposal/${key}`, { machines: 1 });
      const tab = await opened(bo);
      await launch(ada.browser);
      const left = () => (tab.last as { quota?: QuotaView } | undefined)?.quota?.subjects[1]?.available.machines;
      await until(() => left() === 0);
      expect(tab.last).toMatchObject({ type: 'quota' });
    });
  });
});

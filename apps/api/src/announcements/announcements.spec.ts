import type { AnnouncementsView, AnnouncementWish, ErrorBody, KeptAnnouncements, KeptAnnouncementView } from '@beamdesk/contracts';
import type { TestBrowser } from '../../test/app/browser';
import { createDesktopApp, type DesktopApp } from '../desktops/testing/desktop-app';
import { EventTab } from '../events/testing/event-tab';
import { until } from '../events/testing/until';

const HOUR_MS = 3_600_000;
const inHours = (hours: number) => new Date(Date.now() + hours * HOUR_MS).toISOString();

describe('announcements', () => {
  let house: DesktopApp;
  let admin: TestBrowser;
  let ada: TestBrowser;
  beforeAll(async () => {
    house = await createDesktopApp();
    ({ browser: admin } = await house.signedIn('farid', ['ADMIN']));
    ({ browser: ada } = await house.signedIn('ada'));
  });
  afterAll(() => house?.close());
  beforeEach(() => house.api.dataSource.query('TRUNCATE announcement, instance CASCADE'));

  const wish = (change: Partial<AnnouncementWish> = {}): AnnouncementWish => ({
    kind: 'info',
    text: 'Beam is back.',
    shownFrom: inHours(-1),
    startsAt: inHours(-1),
    endsAt: null,
    ...change,
  });
  const make = async (change: Partial<AnnouncementWish> = {}) => {
    const { status, body } = await admin.send('POST', '/api/announcements', wish(change));
    expect([status, body]).toEqual([201, expect.anything()]);
    return body as KeptAnnouncementView;
  };
  const current = async (who = house.api.browser()) => (await who.get('/api/announcements/current')).body as AnnouncementsView;
  const kept = async () => ((await admin.get('/api/announcements')).body as KeptAnnouncements).items;
  const launch = (who: TestBrowser, key: string) => who.send('PUT', `/api/proposals/${key}/services/desktop`, {});

  it('are seen by everybody while they are shown, what matters most first', async () => {
    await make({ text: 'Worth knowing.' });
    await make({ kind: 'maintenance', text: 'New disks.', startsAt: inHours(2), endsAt: inHours(4) });
    await make({ kind: 'warning', text: 'Slow network.' });
    await make({ text: 'Not yet.', shownFrom: inHours(1), startsAt: inHours(1) });
    const { items } = await current();
    expect(items.map(({ text }) => text)).toEqual(['New disks.', 'Slow network.', 'Worth knowing.']);
    expect(JSON.stringify(items)).not.toContain('farid');
    expect((await kept()).map(({ text, state, madeBy }) => [text, state, madeBy])).toEqual([
      ['New disks.', 'shown', 'farid Tester'],
      ['Not yet.', 'upcoming', 'farid Tester'],
      ['Slow network.', 'shown', 'farid Tester'],
      ['Worth knowing.', 'shown', 'farid Tester'],
    ]);
  });

  it('say when the next one comes or goes by itself', async () => {
    expect(await current()).toEqual({ items: [], changesAt: null });
    const last = await make({ endsAt: inHours(5) });
    expect((await current()).changesAt).toBe(last.endsAt);
    const next = await make({ shownFrom: inHours(2), startsAt: inHours(3), endsAt: inHours(9) });
    await make({ text: 'Ended.', shownFrom: inHours(1), startsAt: inHours(1) });
    const ended = (await kept()).find(({ text }) => text === 'Ended.');
    await admin.send('DELETE', `/api/announcements/${ended?.id}`);
    expect((await current()).changesAt).toBe((await kept()).find(({ id }) => id === next.id)?.shownFrom);
  });

  it('are told to open pages, changed, ended, and kept with who did what', async () => {
    const tab = new EventTab(house.api.url, ada.cookies());
    await until(() => tab.events.length === 1);
    const { id } = await make();
    await until(() => tab.announcements === 1);
    expect((await admin.send('PUT', `/api/announcements/${id}`, wish({ text: 'Beam is gone.' }))).status).toBe(200);
    expect((await current()).items).toMatchObject([{ text: 'Beam is gone.' }]);
    expect((await admin.send('DELETE', `/api/announcements/${id}`)).status).toBe(204);
    await until(() => tab.announcements === 3);
    tab.socket.close();
    expect((await current()).items).toEqual([]);
    expect(await kept()).toMatchObject([{ id, state: 'over' }]);
    for (const [verb, body] of [['PUT', wish()] as const, ['DELETE', undefined] as const]) {
      const answer = await admin.send(verb, `/api/announcements/${id}`, body);
      expect([answer.status, (answer.body as ErrorBody).code]).toEqual([409, 'ANNOUNCEMENT_OVER']);
    }
    const audit: { kind: string }[] = await house.api.dataSource.query(
      `SELECT kind FROM audit_entry WHERE details->>'announcement' = $1 ORDER BY id`,
      [id],
    );
    expect(audit.map(({ kind }) => kind)).toEqual(['announcement-made', 'announcement-changed', 'announcement-ended']);
  });

  it.each([
    ['shownFrom', { shownFrom: inHours(2), startsAt: inHours(1) }],
    ['endsAt', { startsAt: inHours(2), endsAt: inHours(1) }],
    ['endsAt', { shownFrom: inHours(-3), startsAt: inHours(-3), endsAt: inHours(-2) }],
    ['startsAt', { startsAt: inHours(24 * 800) }],
    ['text', { text: '  ' }],
    ['kind', { kind: 'party' as 'info' }],
  ])('refuses a wrong %s and changes nothing', async (path, change) => {
    const { status, body } = await admin.send('POST', '/api/announcements', wish(change));
    expect([status, JSON.stringify(body)]).toEqual([400, expect.stringContaining(`"path":"${path}"`)]);
    expect(await kept()).toEqual([]);
  });

  it('of maintenance hold back launches from their start to their end, and never what runs', async () => {
    const [first, second] = [house.proposal('p-one', ['ada', 'farid']), house.proposal('p-two', ['ada'])];
    await house.api.dataSource.query(
      `INSERT INTO quota_limit (subject_kind, subject_id, machines, vcpus, memory_mib, storage_mib)
       VALUES ('role', 'USER', 9, 99, 99000, 990000), ('role', 'ADMIN', 9, 99, 99000, 990000)
       ON CONFLICT (subject_kind, subject_id) DO UPDATE SET machines = 9, vcpus = 99, memory_mib = 99000, storage_mib = 990000`,
    );
    const planned = await make({ kind: 'maintenance', text: 'New disks.', startsAt: inHours(1), endsAt: inHours(2) });
    expect((await launch(ada, first)).status).toBe(200);
    await admin.send('PUT', `/api/announcements/${planned.id}`, wish({ kind: 'maintenance', text: 'New disks.' }));
    const held = await launch(ada, second);
    expect([held.status, held.body]).toMatchObject([409, { code: 'MAINTENANCE', message: expect.stringContaining('New disks.') }]);
    // It runs already, so nothing is launched by this click.
    expect((await launch(ada, first)).status).toBe(200);
    // Somebody has to see whether it works again.
    expect((await launch(admin, first)).status).toBe(200);
    await admin.send('DELETE', `/api/announcements/${planned.id}`);
    expect((await launch(ada, second)).status).toBe(200);
  });
});

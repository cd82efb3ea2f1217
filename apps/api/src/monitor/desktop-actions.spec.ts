import type { AuditPage, DesktopActionResults, DesktopMessages } from '@beamdesk/contracts';
import { EventTab } from '../events/testing/event-tab';
import { until } from '../events/testing/until';
import { watchedSite, type WatchedSite } from './testing/watched-site';

describe('what staff do with desktops of others', () => {
  let site: WatchedSite;
  beforeAll(async () => (site = await watchedSite()));
  afterAll(() => site?.house.close());

  const URL = '/api/monitor/desktops/actions';
  async function act(who: keyof WatchedSite['as'], body: object): Promise<DesktopActionResults['results']> {
    const answer = await site.as[who].send('POST', URL, body);
    expect(answer.status).toBe(200);
    return (answer.body as DesktopActionResults).results;
  }
  const row = async (id: string) => {
    const [found] = await site.house.api.dataSource.query<
      { wanted: string; wanted_reason: string; expires_at: Date }[]
    >('SELECT wanted, wanted_reason, expires_at FROM instance WHERE id = $1', [id]);
    return found;
  };
  const messages = async (who: 'ada' | 'bo') =>
    ((await site.as[who].get('/api/messages')).body as DesktopMessages).items;
  const newest = async () => ((await site.as.admin.get('/api/audit?limit=1')).body as AuditPage).items[0];

  it('is decided for each one before anything happens to it', async () => {
    const [mine, theirs, gone] = [
      await site.desktop('ada', { beamlineId: 'id11-diff' }),
      await site.desktop('bo', { beamlineId: 'bm18-tomo' }),
      await site.desktop('bo', { beamlineId: 'id11-diff', state: 'DELETED' }),
    ];
    const results = await act('staff', { action: 'stop', ids: [theirs, mine, gone], reason: 'The host goes down.' });
    expect(results).toMatchObject([
      { id: theirs, done: false, code: 'NOT_FOUND' },
      { id: mine, done: true, code: null },
      { id: gone, done: false, code: 'NOT_FOUND' },
    ]);
    expect(await row(theirs)).toMatchObject({ wanted: 'RUNNING' });
    expect(await row(mine)).toMatchObject({ wanted: 'DELETED', wanted_reason: 'stopped-by-staff' });
    expect(await messages('bo')).toEqual([]);
    expect((await messages('ada')).map(({ text, from }) => [text, from])).toEqual([
      ['Your desktop was stopped. The host goes down.', 'STAFF'],
    ]);
    expect(await newest()).toMatchObject({
      ...{ kind: 'desktop-stopped', actor: { id: site.ids['staff'] }, subject: { id: site.ids['ada'] } },
      details: { desktop: mine, by: 'stopped-by-staff', reason: 'The host goes down.' },
    });
    const again = await act('staff', { action: 'stop', ids: [mine], reason: 'Once more.' });
    expect(again).toMatchObject([{ done: false, code: 'NOT_RUNNING' }]);
    expect(await messages('ada')).toHaveLength(1);
  });

  it('is not for support or users', async () => {
    const id = await site.desktop('ada', { beamlineId: 'id11-diff' });
    for (const who of ['ada', 'support'] as const) {
      const answer = await site.as[who].send('POST', URL, { action: 'stop', ids: [id], reason: 'Just so.' });
      expect(answer).toMatchObject({ status: 403, body: { code: 'NOT_ALLOWED' } });
    }
    expect(await row(id)).toMatchObject({ wanted: 'RUNNING' });
  });

  it('puts the end off, and writes it down', async () => {
    const id = await site.desktop('ada', { beamlineId: 'id11-diff' });
    const before = (await row(id))?.expires_at.getTime() ?? 0;
    expect(await act('staff', { action: 'extend', ids: [id], minutes: 90 })).toMatchObject([{ done: true }]);
    expect((await row(id))?.expires_at.getTime()).toBe(before + 90 * 60_000);
    expect(await newest()).toMatchObject({ kind: 'desktop-extended', details: { desktop: id } });
    const stopped = await site.desktop('ada', {
      beamlineId: 'id11-diff',
      state: 'STOPPED',
      wanted: 'STOPPED',
      expiresAt: null,
    });
    expect(await act('admin', { action: 'extend', ids: [stopped], minutes: 90 })).toMatchObject([
      { code: 'NOT_RUNNING' },
    ]);
  });

  it("shows a message at once on the open pages of its owner, and on nobody else's", async () => {
    const id = await site.desktop('bo', { beamlineId: 'bm18-tomo' });
    const tab = new EventTab(site.house.api.url, site.as.bo.cookies());
    const shown = () => {
      const last = tab.events.findLast((event) => event.type === 'instance' && event.instance.id === id);
      return last?.type === 'instance' ? (last.instance.messages ?? []) : null;
    };
    try {
      await until(() => tab.last?.type === 'snapshot');
      expect(await act('other', { action: 'message', ids: [id], text: ' <b>Save</b> your work. ' })).toMatchObject([
        { done: true },
      ]);
      const told = await until(() => shown()?.[0]);
      expect(told).toMatchObject({ text: '<b>Save</b> your work.', from: 'STAFF', desktop: id });
      const own = (await messages('bo')).filter(({ desktop }) => desktop === id);
      expect(own).toHaveLength(1);
      expect((await site.as.ada.send('POST', `/api/messages/${told.id}/dismiss`)).status).toBe(404);
      expect((await site.as.bo.send('POST', `/api/messages/${told.id}/dismiss`)).status).toBe(204);
      await until(() => shown()?.length === 0);
      expect((await site.as.bo.send('POST', `/api/messages/${told.id}/dismiss`)).status).toBe(204);
      expect((await messages('bo')).filter(({ desktop }) => desktop === id)).toEqual([]);
    } finally {
      tab.socket.close();
    }
  });

  it.each([
    { action: 'stop', ids: [], reason: 'Why not' },
    { action: 'stop', ids: ['x'], reason: 'Why not' },
    { action: 'stop', ids: ['7f1b0f4e-6b8a-4a53-9a0e-000000000000'], reason: ' a ' },
    { action: 'stop', ids: ['7f1b0f4e-6b8a-4a53-9a0e-000000000000'] },
    { action: 'message', ids: ['7f1b0f4e-6b8a-4a53-9a0e-000000000000'], text: 'x'.repeat(501) },
    { action: 'extend', ids: ['7f1b0f4e-6b8a-4a53-9a0e-000000000000'], minutes: 0 },
    { action: 'destroy', ids: ['7f1b0f4e-6b8a-4a53-9a0e-000000000000'] },
    { action: 'message', ids: Array(2).fill('7f1b0f4e-6b8a-4a53-9a0e-000000000000'), text: 'twice' },
  ])('refuses %j', async (body) => {
    expect(await site.as.admin.send('POST', URL, body)).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } });
  });
});

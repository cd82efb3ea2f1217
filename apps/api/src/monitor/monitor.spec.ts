import {
  monitoredDesktops,
  type MonitoredDesktops,
  monitoredHosts,
  type MonitoredHosts,
  type MonitoredSessions,
} from '@beamdesk/contracts';
import { CONSOLE_PASSWORD } from '../sessions/testing/seed-instance';
import { watchedSite, type WatchedSite } from './testing/watched-site';

describe('the monitor', () => {
  let site: WatchedSite;
  const made: Record<string, string> = {};

  beforeAll(async () => {
    site = await watchedSite();
    // While the host is silent, what waits for one goes on waiting.
    await site.house.api.dataSource.query(`UPDATE host SET observed_at = now() - interval '1 hour'`);
    const old = new Date(Date.now() - 3_600_000);
    made['diff'] = await site.desktop('ada', { beamlineId: 'id11-diff', lastAccessAt: old, readyAt: old });
    made['tomo'] = await site.desktop('bo', {
      beamlineId: 'bm18-tomo',
      state: 'FAILED',
      failureCode: 'X',
      failureMessage: 'Broke.',
    });
    made['none'] = await site.desktop('bo', { beamlineId: null, proposalName: '=cmd', proposalTitle: 'Micelles' });
    made['queued'] = await site.desktop('ada', {
      ...{ beamlineId: 'id11-diff', state: 'REQUESTED', hostId: null, queuedAt: new Date(), queuePosition: 1 },
    });
    made['gone'] = await site.desktop('ada', { beamlineId: 'id11-diff', state: 'DELETED', allocMachines: 0 });
    await site.house.api.dataSource.query(
      `INSERT INTO desktop_session (instance_id, user_id, login_sid, bridge, read_only, bytes_to_client)
       VALUES ($1, $2, 'sid', 'b', false, 4096), ($3, $4, 'sid', 'b', true, 1)`,
      [made['diff'], site.ids['ada'], made['tomo'], site.ids['bo']],
    );
  });
  afterAll(() => site?.house.close());

  const nameOf = (id: string) => Object.entries(made).find(([, other]) => other === id)?.[0];
  async function shown(who: keyof WatchedSite['as'], query = ''): Promise<MonitoredDesktops> {
    const { status, body } = await site.as[who].get(`/api/monitor/desktops${query}`);
    expect([query, status]).toEqual([query, 200]);
    return monitoredDesktops.parse(body);
  }
  const names = async (who: keyof WatchedSite['as'], query = '') =>
    (await shown(who, query)).items.map(({ id }) => nameOf(id)).sort();

  it('shows staff the desktops of their beamlines, support and administrators all', async () => {
    expect(await names('staff')).toEqual(['diff', 'queued']);
    expect(await names('other')).toEqual(['tomo']);
    for (const who of ['support', 'admin'] as const)
      expect(await names(who)).toEqual(['diff', 'none', 'queued', 'tomo']);
    expect((await site.as.ada.get('/api/monitor/desktops')).status).toBe(403);
  });

  it('sums up what one may see, whatever is picked out', async () => {
    const { figures, choices } = await shown('staff', '?state=FAILED');
    expect(figures).toMatchObject({ ready: 1, queued: 1, coming: 0, failed: 0, idle: 1, sessions: 1, people: 1 });
    expect(choices).toMatchObject({ plans: [{ id: 'tiny', name: 'Tiny' }], images: ['tiny'], hosts: ['local'] });
    expect(choices.beamlines.map(({ id }) => id)).toEqual(['id11-diff']);
    expect((await shown('admin')).figures).toMatchObject({ ready: 2, failed: 1, sessions: 2, people: 2 });
  });

  it.each([
    ['state=FAILED', ['tomo']],
    ['state=queued', ['queued']],
    ['state=coming', []],
    ['beamline=bm18-tomo', ['tomo']],
    ['q=micelles%20', ['diff', 'none', 'queued', 'tomo']],
    ['q=%3DCMD', ['none']],
    ['q=bo%20tester', ['none', 'tomo']],
    ['host=local&plan=tiny&image=tiny', ['diff', 'none', 'tomo']],
    ['host=other', []],
  ])('picks out ?%s', async (query, found) => expect(await names('admin', `?${query}`)).toEqual(found));

  it('picks out by owner and proposal, page by page', async () => {
    expect(await names('admin', `?owner=${site.ids['bo']}`)).toEqual(['none', 'tomo']);
    const [first] = (await shown('admin', '?limit=1')).items;
    expect(await names('admin', `?proposal=${encodeURIComponent(first?.proposalKey ?? '')}`)).toEqual([
      nameOf(first?.id ?? ''),
    ]);
    const two = await shown('admin', '?limit=2&offset=2');
    expect([two.items.length, two.total]).toEqual([2, 4]);
    expect(await names('staff', `?owner=${site.ids['bo']}`)).toEqual([]);
  });

  it.each(['state=GONE', 'beamline=x/y', 'owner=bo', 'limit=0', 'limit=101', 'offset=-1', 'more=1', 'q=%00'])(
    'refuses ?%s',
    async (query) => {
      const answer = await site.as.admin.get(`/api/monitor/desktops?${query}`);
      expect(answer).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } });
    },
  );

  it('tells why one failed, since when one is not in use, and no console', async () => {
    const { items } = await shown('admin');
    const by = (name: string) => items.find(({ id }) => id === made[name]);
    expect(by('tomo')?.failure).toEqual({ code: 'X', message: 'Broke.' });
    expect(by('queued')).toMatchObject({ hostId: null, queuePosition: 1, idleSince: null });
    const idle = (await shown('staff', '?state=idle')).items;
    expect(idle.map(({ id, sessions }) => [nameOf(id), sessions])).toEqual([['diff', 1]]);
    for (const path of ['desktops', 'sessions', 'hosts', 'desktops.csv']) {
      const { text } = await site.as.admin.get(`/api/monitor/${path}`);
      for (const secret of [CONSOLE_PASSWORD, '20001', 'consolePort', 'guacd', 'loginSid', '"sid"'])
        expect(text).not.toContain(secret);
    }
  });

  it('shows who is connected, of the same desktops', async () => {
    const seen = async (who: keyof WatchedSite['as'], query = '') => {
      const { items, total } = (await site.as[who].get(`/api/monitor/sessions${query}`)).body as MonitoredSessions;
      expect(items).toHaveLength(total);
      return items.map(({ desktop }) => nameOf(desktop)).sort();
    };
    expect(await seen('staff')).toEqual(['diff']);
    expect(await seen('other')).toEqual(['tomo']);
    expect(await seen('admin')).toEqual(['diff', 'tomo']);
    expect(await seen('staff', `?desktop=${made['tomo']}`)).toEqual([]);
    const { items } = (await site.as.staff.get('/api/monitor/sessions')).body as MonitoredSessions;
    expect(items[0]).toMatchObject({
      person: { name: 'ada Tester' },
      role: 'OWNER',
      readOnly: false,
      bytesToClient: 4096,
    });
  });

  it('gives the same as a file, with nothing that a spreadsheet would compute', async () => {
    const lines = async (who: keyof WatchedSite['as'], query = '') =>
      (await site.as[who].get(`/api/monitor/desktops.csv${query}`)).text.trimEnd().split('\r\n');
    const all = await lines('admin');
    expect(all).toHaveLength(5);
    expect(all[0]).toMatch(/^id,owner,proposal,beamline,/);
    expect(all.find((line) => line.startsWith(made['none'] ?? ''))).toContain(",'=cmd,");
    expect(
      (await lines('staff'))
        .slice(1)
        .map((line) => nameOf(line.slice(0, 36)))
        .sort(),
    ).toEqual(['diff', 'queued']);
    expect(await lines('other', '?state=READY')).toHaveLength(1);
    expect((await site.as.ada.get('/api/monitor/desktops.csv')).status).toBe(403);
  });

  describe('of hosts', () => {
    const local = async (): Promise<MonitoredHosts['items'][number] | undefined> =>
      monitoredHosts.parse((await site.as.staff.get('/api/monitor/hosts')).body).items[0];

    it('tells what they carry', async () => {
      await site.house.api.dataSource.query('UPDATE host SET cpu_load_permille = 1250, cpu_pressure_permille = 122');
      const host = await local();
      expect(host).toMatchObject({
        id: 'local',
        vcpus: 16,
        cpuLoad: 1.25,
        cpuPressure: 0.122,
        silent: true,
        draining: false,
      });
      expect(host).toMatchObject({ desktops: 3, queued: 0, memoryTotalMib: 65_536 });
      expect((await site.as.staff.get('/api/monitor/hosts')).body).toMatchObject({ queued: 1 });
    });

    it('are drained by administrators alone, once, and it is in the audit', async () => {
      for (const who of ['ada', 'staff', 'support'] as const) {
        expect((await site.as[who].send('POST', '/api/monitor/hosts/local/drain')).status).toBe(403);
      }
      expect((await local())?.draining).toBe(false);
      for (let again = 0; again < 2; again += 1) {
        expect((await site.as.admin.send('POST', '/api/monitor/hosts/local/drain')).status).toBe(204);
      }
      expect(await local()).toMatchObject({
        draining: true,
        drainingBy: 'admin Tester',
        drainingAt: expect.any(String),
      });
      expect((await site.as.admin.send('POST', '/api/monitor/hosts/local/undrain')).status).toBe(204);
      expect(await local()).toMatchObject({ draining: false, drainingBy: null, drainingAt: null });
      const { items } = (await site.as.admin.get('/api/audit?limit=2')).body as {
        items: { kind: string; details: object }[];
      };
      expect(items.map(({ kind, details }) => [kind, details])).toEqual([
        ['host-undrained', { host: 'local' }],
        ['host-drained', { host: 'local' }],
      ]);
      expect((await site.as.admin.send('POST', '/api/monitor/hosts/nowhere/drain')).status).toBe(404);
    });
  });
});

import { HttpTestingController, TestRequest } from '@angular/common/http/testing';
import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Router } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import type { MonitoredDesktop, MonitoredDesktops, Role } from '@beamdesk/contracts';
import { Clock } from '../api/clock';
import { PageBed } from '../testing/page-bed';
import { refuse, setUpPortal, signIn, words } from '../testing/portal';
import { needs, nothing, session } from '../testing/views';
import { DesktopsPage } from './desktops-page';

const ID = '11111111-1111-4111-8111-111111111111';
const OTHER = '22222222-2222-4222-8222-222222222222';
const ACTIONS = '/api/monitor/desktops/actions';

function desktop(change: Partial<MonitoredDesktop> = {}): MonitoredDesktop {
  return {
    ...{
      id: ID,
      owner: { id: 'u1', name: 'Ada Okafor' },
      proposalKey: 'k1',
      proposalName: '20260301',
      imageId: 'tiny',
    },
    ...{ beamline: { id: 'id11', name: 'ID11' }, plan: { id: 'p', name: 'Analysis' }, hostId: 'vm-1', state: 'READY' },
    ...{ wanted: 'RUNNING', queuePosition: null, step: null, stateSince: '2026-11-21T10:00:00.000Z' },
    ...{ launchedAt: '2026-11-21T10:00:00.000Z', expiresAt: '2026-11-21T14:00:00.000Z', lastAccessAt: null },
    ...{
      idleSince: null,
      sessions: 1,
      unreachable: false,
      failure: null,
      notice: null,
      allocation: needs,
      trial: false,
    },
    ...change,
  };
}
function answer(items: MonitoredDesktop[], change: Partial<MonitoredDesktops> = {}): MonitoredDesktops {
  const none = {
    ready: 3,
    coming: 0,
    queued: 0,
    stopped: 0,
    failed: 0,
    idle: 1,
    sessions: 4,
    people: 2,
    held: nothing,
  };
  const choices = {
    beamlines: [
      { id: 'id11', name: 'ID11' },
      { id: 'bm18', name: 'BM18' },
    ],
    plans: [],
    images: [],
    hosts: ['vm-1'],
  };
  return { items, total: items.length, figures: none, choices, ...change };
}

describe('DesktopsPage', () => {
  let http: HttpTestingController;
  let bed: PageBed;
  const now = signal(Date.parse('2026-11-21T12:00:00.000Z'));
  const asked = (): TestRequest => http.expectOne(({ url }) => url === '/api/monitor/desktops');
  const text = () => words(bed.page);
  const box = (name: string) => {
    const found = bed.page.querySelector<HTMLInputElement>(`input[aria-label="${name}"]`);
    if (!found) throw new Error(`no box "${name}"`);
    return found;
  };
  async function tick(name: string): Promise<void> {
    box(name).click();
    await bed.rest();
  }

  async function open(url = '/site', role: Role = 'STAFF'): Promise<void> {
    http = setUpPortal([{ path: 'site', component: DesktopsPage }], [{ provide: Clock, useValue: { now } }]);
    const { user, ...rest } = session();
    await signIn(http, { ...rest, user: user && { ...user, roles: ['USER', role] } });
    const harness = await RouterTestingHarness.create(url);
    bed = new PageBed(harness.fixture);
    await bed.rest();
  }
  async function show(items: MonitoredDesktop[], url?: string, role?: Role): Promise<void> {
    await open(url, role);
    asked().flush(answer(items));
    await bed.rest();
  }

  it('says whose they are, how they stand, on what and until when', async () => {
    await show([
      desktop(),
      desktop({
        id: OTHER,
        state: 'FAILED',
        sessions: 0,
        failure: { code: 'NO_DISK', message: 'Disk full.' },
        trial: true,
      }),
      desktop({ id: '3', state: 'REQUESTED', hostId: null, queuePosition: 2, sessions: 0 }),
      desktop({ id: '4', sessions: 0, idleSince: '2026-11-21T11:20:00.000Z' }),
    ]);
    for (const said of [
      '4 desktops.',
      'Ada Okafor',
      '20260301, ID11',
      'running',
      'Analysis',
      'vm-1',
      'in 2 h 0 min',
      '1 session',
    ]) {
      expect(text()).toContain(said);
    }
    for (const said of [
      'failed',
      'Disk full. NO_DISK',
      'trial',
      'waiting, place 2',
      'no host yet',
      'last used 40 min ago',
    ]) {
      expect(text()).toContain(said);
    }
    expect(text()).toContain('Sessions 4');
  });

  it('keeps what is picked out in the address, and asks for it', async () => {
    await show([desktop()], '/site?state=idle&beamline=bm18&page=2&bad=1');
    const router = TestBed.inject(Router);
    await bed.set('q', ' ada ');
    await bed.press('Search');
    expect(router.url).toBe('/site?state=idle&q=ada&beamline=bm18');
    expect(
      Object.fromEntries(
        asked()
          .request.params.keys()
          .map((key) => [key, key]),
      ),
    ).toEqual({
      ...{ state: 'state', beamline: 'beamline', q: 'q', offset: 'offset', limit: 'limit' },
    });
    await bed.press('Running 3');
    expect(router.url).toContain('state=READY');
    asked().flush(answer([]));
    await bed.rest();
    expect(text()).toContain('No desktop like that.');
    await bed.press('Show all');
    expect(router.url).toBe('/site');
    expect(asked().request.params.get('state')).toBeNull();
  });

  it('offers what is picked out as a file', async () => {
    await show([desktop()], '/site?state=READY&q=a%26b');
    expect(bed.page.querySelector('a[download]')?.getAttribute('href')).toBe(
      '/api/monitor/desktops.csv?state=READY&q=a%26b',
    );
  });

  it('stops what is selected, with a reason and not without, and says what was refused', async () => {
    await show([desktop(), desktop({ id: OTHER, owner: { id: 'u2', name: 'Bo Lind' } })]);
    expect(bed.page.querySelector('.bar')).toBeNull();
    await tick('Select all on this page');
    expect(text()).toContain('2 desktops selected');
    await bed.press('Stop …');
    expect(words(bed.dialog)).toContain('2 sessions are connected now.');
    await bed.press('Stop', bed.dialog);
    expect(words(bed.dialog)).toContain('Say why');
    http.expectNone(ACTIONS);
    await bed.set('text', ' The host goes down. ');
    await bed.press('Stop', bed.dialog);
    const sent = http.expectOne({ method: 'POST', url: ACTIONS });
    expect(sent.request.body).toEqual({ action: 'stop', ids: [ID, OTHER], reason: 'The host goes down.' });
    sent.flush({
      results: [
        { id: ID, done: true, code: null, message: null },
        { id: OTHER, done: false, code: 'NOT_RUNNING', message: 'It is stopped already.' },
      ],
    });
    await bed.rest();
    asked().flush(answer([desktop(), desktop({ id: OTHER })]));
    await bed.rest();
    expect(bed.dialog).toBeNull();
    expect(words(bed.page.querySelector('.refused'))).toContain('Bo Lind, 20260301: It is stopped already.');
    expect(text()).toContain('One desktop selected');
  });

  it('extends and writes, and stays open where that does not work', async () => {
    await show([desktop()]);
    await tick('Select the desktop of Ada Okafor, 20260301');
    await bed.press('Extend …');
    await bed.set('minutes', '60');
    await bed.press('Extend', bed.dialog);
    const sent = http.expectOne({ method: 'POST', url: ACTIONS });
    expect(sent.request.body).toEqual({ action: 'extend', ids: [ID], minutes: 60 });
    refuse(sent, 503, 'UNAVAILABLE', 'Not now.');
    await bed.rest();
    expect(words(bed.dialog)).toContain('Not now.');
    await bed.press('Cancel', bed.dialog);
    await bed.press('Write …');
    await bed.set('text', 'Hello');
    await bed.press('Send', bed.dialog);
    expect(http.expectOne({ method: 'POST', url: ACTIONS }).request.body).toEqual({
      action: 'message',
      ids: [ID],
      text: 'Hello',
    });
  });

  it('lets support look on', async () => {
    await show([desktop()], '/site', 'SUPPORT');
    expect(bed.page.querySelectorAll('input[type=checkbox]')).toHaveLength(0);
  });

  it('says when there is none, and when it does not know', async () => {
    await show([]);
    expect(text()).toContain('No desktop now.');
    TestBed.resetTestingModule();
    await open();
    refuse(asked(), 500, 'INTERNAL', 'Broken.');
    await bed.rest();
    expect(bed.page.querySelector('[role=alert]')?.textContent).toContain('Broken.');
    expect(text()).not.toContain('No desktop');
  });
});

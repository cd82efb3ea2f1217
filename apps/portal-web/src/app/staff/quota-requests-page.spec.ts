import { HttpTestingController, TestRequest } from '@angular/common/http/testing';
import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { QuotaRequestForStaff } from '@beamdesk/contracts';
import { Clock } from '../api/clock';
import { PageBed } from '../testing/page-bed';
import { refuse, setUpPortal, signIn, words } from '../testing/portal';
import { session } from '../testing/views';
import { localMinute } from './decision-words';
import { QuotaRequestsPage } from './quota-requests-page';

const ID = '77777777-7777-4777-8777-777777777777';
const UNTIL = '2026-12-21T12:00:30.000Z';

function request(change: Partial<QuotaRequestForStaff> = {}): QuotaRequestForStaff {
  return {
    ...{ id: ID, kind: 'QUOTA', state: 'OPEN', proposal: { key: 'k1', name: '20260301' }, instanceId: null },
    ...{ wanted: { vcpus: 8, memoryMib: 16_384 }, wantedUntil: UNTIL, reason: 'Two samples at once.' },
    ...{ askedAt: '2026-11-21T10:00:00.000Z', decidedAt: null, answer: null, granted: null, grantedUntil: null },
    person: { id: '55555555-5555-4555-8555-555555555555', name: 'Ada Okafor', email: 'ada@example.org' },
    standing: [
      { name: 'vcpus', limit: 4, used: 4 },
      { name: 'memoryMib', limit: null, used: 2048 },
    ],
    ...{ desktop: null, decidedBy: null, own: false },
    ...change,
  };
}

describe('QuotaRequestsPage', () => {
  let http: HttpTestingController;
  let bed: PageBed;
  const now = signal(Date.parse('2026-11-21T12:00:00.000Z'));

  const asked = (state = 'open'): TestRequest =>
    http.expectOne(({ url, params }) => url === '/api/quota-requests/for-staff' && params.get('state') === state);
  async function show(...items: QuotaRequestForStaff[]): Promise<void> {
    http = setUpPortal([], [{ provide: Clock, useValue: { now } }]);
    const { user, ...rest } = session();
    await signIn(http, { ...rest, user: user && { ...user, roles: ['STAFF'] } });
    bed = new PageBed(TestBed.createComponent(QuotaRequestsPage));
    await bed.rest();
    asked().flush({ items, total: items.length });
    await bed.rest();
  }
  const text = () => words(bed.page);
  const decision = () => http.expectOne({ method: 'POST', url: `/api/quota-requests/${ID}/decision` });
  const GRANT = 'Grant to Ada Okafor: More quota for proposal 20260301';

  it('tells who asks for what, beside what is in force', async () => {
    await show(request());
    expect(text()).toMatch(/One request waits.*More quota for proposal 20260301 Ada Okafor/);
    expect(text()).toContain('vCPUs: 8 wanted, now 4 of 4 in use');
    expect(text()).toContain('Memory: 16 GiB wanted, now 2 GiB of no limit in use');
  });

  it('says so where nobody waits, and leaves one’s own to others', async () => {
    await show();
    expect(text()).toContain('Nobody waits for a decision.');
    TestBed.resetTestingModule();
    await show(request({ own: true }));
    expect(text()).toContain('somebody else has to decide it');
    expect(bed.page.querySelector('.actions')).toBeNull();
  });

  it('grants in full as it was asked for', async () => {
    await show(request());
    await bed.press(GRANT);
    await bed.press('Grant', bed.dialog);
    const sent = decision();
    expect(sent.request.body).toEqual({
      ...{ decision: 'grant', amounts: { vcpus: 8, memoryMib: 16_384 }, until: UNTIL, text: null },
    });
    sent.flush(null, { status: 204, statusText: 'No Content' });
    await bed.rest();
    asked().flush({ items: [], total: 0 });
  });

  it('grants a part, for a shorter time', async () => {
    await show(request());
    await bed.press(GRANT);
    await bed.set('vcpus', '6');
    await bed.set('memoryMib', '');
    await bed.set('until', '2026-12-01T10:00');
    await bed.set('text', 'Six will do.');
    await bed.press('Grant', bed.dialog);
    expect(decision().request.body).toEqual({
      ...{ decision: 'grant', amounts: { vcpus: 6 }, text: 'Six will do.' },
      until: new Date('2026-12-01T10:00').toISOString(),
    });
  });

  it('does not send what cannot be granted', async () => {
    await show(request());
    await bed.press(GRANT);
    const lacks = async () => {
      await bed.press('Grant', bed.dialog);
      return words(bed.dialog?.querySelector('#quota-decision-lacks') ?? null);
    };
    await bed.set('until', '2026-11-01T10:00');
    expect(await lacks()).toBe('It has to end in the future.');
    await bed.set('until', '2027-01-01T10:00');
    expect(await lacks()).toBe('That is later than was asked for.');
    await bed.set('until', localMinute(UNTIL));
    await bed.set('vcpus', '');
    await bed.set('memoryMib', '');
    expect(await lacks()).toBe('Say what you grant.');
    await bed.press('Cancel', bed.dialog);
    http.expectNone({ method: 'POST' });
  });

  it('refuses with a text that is needed, and closes when somebody was quicker', async () => {
    await show(request());
    await bed.press('Refuse Ada Okafor: More quota for proposal 20260301');
    await bed.press('Refuse', bed.dialog);
    expect(words(bed.dialog)).toContain('Say why: the person reads it.');
    await bed.set('text', 'Not this week.');
    await bed.press('Refuse', bed.dialog);
    const sent = decision();
    expect(sent.request.body).toEqual({ decision: 'refuse', text: 'Not this week.' });
    refuse(sent, 409, 'ALREADY_DECIDED', 'Somebody was quicker.');
    await bed.rest();
    expect(words(bed.dialog)).toContain('Somebody was quicker.');
    await bed.press('Close', bed.dialog);
    asked().flush({ items: [], total: 0 });
  });

  it('says that a desktop has ended, and grants it nothing', async () => {
    const desktop = { running: false, expiresAt: null, plan: 'Analysis' };
    await show(request({ kind: 'LIFE', wanted: null, standing: [], desktop }));
    expect(text()).toContain('Analysis, has ended');
    const grant = bed.page.querySelector<HTMLButtonElement>('.actions button');
    expect(grant?.disabled).toBe(true);
  });

  it('shows what was decided, by whom, and how much of it', async () => {
    await show();
    await bed.press('Decided');
    const decided = { state: 'GRANTED', decidedAt: '2026-11-21T11:00:00.000Z', decidedBy: 'Dana Moreau' } as const;
    asked('decided').flush({
      items: [request({ ...decided, granted: { vcpus: 6 }, grantedUntil: UNTIL, answer: 'Six will do.' })],
      total: 1,
    });
    await bed.rest();
    expect(text()).toMatch(/granted in part by Dana Moreau.*vCPUs 6,.*Six will do\./);
  });
});

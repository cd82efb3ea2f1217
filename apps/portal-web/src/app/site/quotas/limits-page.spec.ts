import { HttpTestingController } from '@angular/common/http/testing';
import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { Role, SubjectDetail, SubjectQuota } from '@beamdesk/contracts';
import { Clock } from '../../api/clock';
import { PageBed } from '../../testing/page-bed';
import { refuse, setUpPortal, signIn, words } from '../../testing/portal';
import { NO_LIMITS, nothing, session } from '../../testing/views';
import { LimitsPage } from './limits-page';
import { SubjectPage } from './subject-page';

const PATH = '/api/quotas/user/u1';

const usage = { ...nothing, machines: 1, vcpus: 4, vcpuMinutes: 90, gpuMinutes: 0 };
const ada: SubjectQuota = {
  subject: { kind: 'user', id: 'u1', name: 'Ada Okafor' },
  limits: { ...NO_LIMITS, machines: 2, vcpus: 10 },
  ...{ defaults: NO_LIMITS, usage, available: NO_LIMITS, overrides: [], holdings: [], explained: {} },
};
const override = {
  ...{ id: 'o1', amounts: { ...NO_LIMITS, vcpus: 10 }, reason: 'A campaign.', state: 'in-force' as const },
  ...{ startsAt: '2026-03-01T00:00:00Z', endsAt: null, counts: ['vcpus' as const] },
  ...{ author: 'Sam', madeAt: '2026-03-01T00:00:00Z', endedAt: null, endedBy: null },
};
const desktop = { id: 'd1', owner: 'Ada Okafor', proposalName: '20260301', plan: 'Analysis', state: 'READY', amounts: nothing };
const detail: SubjectDetail = { ...ada, overrides: [override], desktops: [desktop], others: 2, periodDays: 30 };

describe('the pages of quotas for staff', () => {
  let http: HttpTestingController;
  let bed: PageBed;
  const now = signal(Date.parse('2026-11-21T12:00:00.000Z'));
  const text = () => words(bed.page);

  async function signedIn(role: Role): Promise<void> {
    http = setUpPortal([], [{ provide: Clock, useValue: { now } }]);
    const { user, ...rest } = session();
    await signIn(http, { ...rest, user: user && { ...user, roles: [role] } });
  }
  async function list(role: Role): Promise<void> {
    await signedIn(role);
    bed = new PageBed(TestBed.createComponent(LimitsPage));
    await bed.rest();
  }
  async function one(shown = detail): Promise<void> {
    await signedIn('STAFF');
    const fixture = TestBed.createComponent(SubjectPage);
    fixture.componentRef.setInput('kind', 'user');
    fixture.componentRef.setInput('id', 'u1');
    bed = new PageBed(fixture);
    await bed.rest();
    http.expectOne(PATH).flush(shown);
    await bed.rest();
  }
  const asked = () => http.expectOne(({ url }) => url === '/api/quotas');

  it('list who has limits, what is used, and search among them; the site is for administrators', async () => {
    await list('STAFF');
    const first = asked();
    expect(first.request.params.get('kind')).toBe('user');
    first.flush({ items: [ada], total: 1, periodDays: 30 });
    await bed.rest();
    expect(text()).toMatch(/vCPUs ?4 of 10/);
    expect(text()).toMatch(/vCPU-hours ?1.5 used, no limit/);
    expect(bed.page.querySelector('[role=meter][aria-label=vCPUs]')?.getAttribute('aria-valuetext')).toBe('4 of 10');
    expect(bed.page.querySelector('a[href="/site/quotas/user/u1"]')?.textContent).toBe('Ada Okafor');
    expect(text()).not.toContain('Whole site');
    await bed.press('Proposals');
    const second = asked();
    expect(second.request.params.get('kind')).toBe('proposal');
    second.flush({ items: [], total: 0, periodDays: 30 });
    await bed.rest();
    expect(text()).toContain('Search for others.');
    await bed.set('search', 'P-7');
    await bed.press('Search');
    expect(asked().request.params.get('q')).toBe('P-7');
  });

  it('say why there is no list, and try again', async () => {
    await list('ADMIN');
    expect(text()).toContain('Whole site');
    refuse(asked(), 500, 'INTERNAL', 'Broken.');
    await bed.rest();
    await bed.press('Try again');
    asked();
  });

  it('tell of one what is used, what was changed and by whom, and which desktops hold it', async () => {
    await one();
    for (const said of ['vCPUs 10', 'by Sam: A campaign.', '20260301', '2 more at other beamlines']) expect(text()).toContain(said);
  });

  it('set a limit in the units of people, with a reason and an end', async () => {
    await one();
    await bed.press('Set a limit …');
    await bed.press('Set', bed.dialog);
    expect(words(bed.dialog)).toContain('Write at least one limit.');
    await bed.set('memoryMib', '16');
    await bed.set('vcpuMinutes', '40');
    await bed.set('endless', true);
    await bed.press('Set', bed.dialog);
    expect(words(bed.dialog)).toContain('Say why');
    await bed.set('reason', 'A campaign in March.');
    await bed.press('Set', bed.dialog);
    const { request } = http.expectOne({ method: 'POST', url: `${PATH}/overrides` });
    expect(request.body).toEqual({
      amounts: { ...NO_LIMITS, memoryMib: 16_384, vcpuMinutes: 2400 },
      ...{ reason: 'A campaign in March.', startsAt: null, endsAt: null },
    });
  });

  it('stay open with what the server refuses', async () => {
    await one();
    await bed.press('Set a limit …');
    await bed.set('machines', '3');
    await bed.set('until', '2026-11-20');
    await bed.set('reason', 'A campaign.');
    await bed.press('Set', bed.dialog);
    expect(words(bed.dialog)).toContain('Choose a last day in the future');
    await bed.set('until', '2026-12-24');
    await bed.press('Set', bed.dialog);
    refuse(http.expectOne({ method: 'POST', url: `${PATH}/overrides` }), 403, 'NOT_ALLOWED', 'Somebody else has to.');
    await bed.rest();
    expect(words(bed.dialog)).toContain('Somebody else has to.');
  });

  it('end a change before its time, after asking', async () => {
    await one();
    await bed.press('End now: vCPUs 10');
    await bed.press('Leave it', bed.dialog);
    http.expectNone({ method: 'DELETE' });
    await bed.press('End now: vCPUs 10');
    await bed.press('End now', bed.dialog);
    http.expectOne({ method: 'DELETE', url: `${PATH}/overrides/o1` }).flush(null, { status: 204, statusText: 'No Content' });
    await bed.rest();
    http.expectOne(PATH);
  });
});

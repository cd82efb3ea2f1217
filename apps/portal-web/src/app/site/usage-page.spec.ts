import { HttpTestingController } from '@angular/common/http/testing';
import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { convertToParamMap, Router } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import type { UsageView } from '@beamdesk/contracts';
import { Clock } from '../api/clock';
import { PageBed } from '../testing/page-bed';
import { refuse, setUpPortal, signIn, words } from '../testing/portal';
import { session } from '../testing/views';
import { niceTop } from './usage-chart';
import { UsagePage } from './usage-page';
import { addressOf, lackOf } from './usage-query';

const used = (vcpuHours: number, desktops: number) => ({ vcpuHours, gpuHours: 0, desktops, people: desktops });
const USAGE: UsageView = {
  ...{ from: '2026-11-01T00:00:00.000Z', to: '2026-11-03T00:00:00.000Z', by: 'beamline', step: 'day' },
  steps: ['2026-11-01T00:00:00.000Z', '2026-11-02T00:00:00.000Z'],
  series: [
    { key: 'id11', name: 'ID11', others: false, total: used(30, 3), points: [used(10, 2), used(20, 2)] },
    { key: null, name: 'Others', others: true, total: used(0.25, 1), points: [used(0, 0), used(0.25, 1)] },
  ],
  total: used(30.25, 4),
};

describe('UsagePage', () => {
  let http: HttpTestingController;
  let bed: PageBed;
  const now = signal(Date.parse('2026-11-21T12:00:00.000Z'));
  const asked = () => http.expectOne(({ url }) => url === '/api/monitor/usage');
  const text = () => words(bed.page);

  async function open(url = '/usage'): Promise<void> {
    http = setUpPortal([{ path: 'usage', component: UsagePage }], [{ provide: Clock, useValue: { now } }]);
    await signIn(http, session());
    const harness = await RouterTestingHarness.create(url);
    bed = new PageBed(harness.fixture);
    await bed.rest();
  }

  it('asks for the last thirty days, and shows bars with a table that says the same', async () => {
    await open();
    const sent = asked();
    expect(sent.request.params.get('from')).toBe('2026-10-23T00:00:00.000Z');
    expect(sent.request.params.get('to')).toBe('2026-11-22T00:00:00.000Z');
    sent.flush(USAGE);
    await bed.rest();
    expect(text()).toContain('4 desktops of 4 people: 30.3 vCPU-hours.');
    expect(bed.page.querySelectorAll('svg rect')).toHaveLength(3);
    expect(bed.page.querySelector('svg[role=img]')?.getAttribute('aria-label')).toContain('vCPU-hours of 2 groups');
    const rows = [...bed.page.querySelectorAll('tbody tr')].map(words);
    expect(rows[0]).toBe('In all 30 0.25');
    expect(rows[1]).toMatch(/20 0.25$/);
    expect(rows[2]).toMatch(/10 –$/);
    const [tall, short] = [...bed.page.querySelectorAll('svg rect')].map((bar) => Number(bar.getAttribute('height')));
    expect((short ?? 0) / (tall ?? 1)).toBeCloseTo(2);
  });

  it('keeps what is asked in the address, also for the file', async () => {
    await open('/usage?from=2026-11-01&to=2026-11-02&by=proposal');
    asked().flush(USAGE);
    await bed.rest();
    await bed.press('By image');
    expect(TestBed.inject(Router).url).toBe('/usage?from=2026-11-01&to=2026-11-02&by=image&step=day');
    expect(asked().request.params.get('by')).toBe('image');
    expect(bed.page.querySelector('a[download]')?.getAttribute('href')).toBe(
      '/api/monitor/usage.csv?from=2026-11-01T00%3A00%3A00.000Z&to=2026-11-03T00%3A00%3A00.000Z&by=image&step=day',
    );
  });

  it.each([
    ['from=2026-11-05&to=2026-11-01', 'before the first'],
    ['from=2026-01-01&to=2026-11-01&step=hour', 'at most 41 days'],
    ['from=2020-01-01&to=2026-11-01', 'At most 1000 days'],
  ])('does not ask for ?%s', async (query, said) => {
    await open(`/usage?${query}`);
    http.expectNone(({ url }) => url === '/api/monitor/usage');
    expect(text()).toContain(said);
  });

  it('says when nothing was used, and when it does not know', async () => {
    await open();
    asked().flush({ ...USAGE, series: [], total: used(0, 0) });
    await bed.rest();
    expect(text()).toContain('Nothing was used in this time.');
    expect(bed.page.querySelector('svg[role=img], table')).toBeNull();
    TestBed.resetTestingModule();
    await open();
    refuse(asked(), 500, 'INTERNAL', 'Broken.');
    await bed.rest();
    expect(bed.page.querySelector('[role=alert]')?.textContent).toContain('Broken.');
  });
});

it('never asks by the hour for more steps than the api gives', () => {
  const lack = (days: number) =>
    lackOf({
      from: '2026-01-01',
      to: new Date(Date.UTC(2026, 0, days)).toISOString().slice(0, 10),
      by: 'image',
      step: 'hour',
    });
  expect([lack(41), lack(42) !== undefined]).toEqual([undefined, true]);
  expect(addressOf(convertToParamMap({ from: 'x', step: 'year' }), Date.UTC(2026, 0, 30))).toMatchObject({
    from: '2026-01-01',
    step: 'day',
  });
});

it.each([
  [0, 1],
  [0.3, 0.4],
  [1, 1],
  [7, 8],
  [81, 100],
  [4100, 8000],
])('an axis for %d ends at %d', (value, top) => expect(niceTop(value)).toBeCloseTo(top));

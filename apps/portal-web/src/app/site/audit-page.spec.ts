import { HttpTestingController } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { Router } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import type { AuditEntryView } from '@beamdesk/contracts';
import { PageBed } from '../testing/page-bed';
import { refuse, setUpPortal, signIn, words } from '../testing/portal';
import { session } from '../testing/views';
import { AuditPage } from './audit-page';

const ADA = { id: '11111111-1111-4111-8111-111111111111', name: 'Ada Okafor' };
const BO = { id: '22222222-2222-4222-8222-222222222222', name: 'Bo Lind' };
const entry = (change: Partial<AuditEntryView> = {}): AuditEntryView => ({
  ...{ id: '9', at: '2026-11-20T10:00:00.000Z', kind: 'desktop-launched', actor: ADA, subject: ADA },
  details: {
    proposal: '20260301',
    imageVersion: 3,
    imageSha256: null,
    data: ['/data/a (9p, read-only)', '/scratch (9p, writable)'],
  },
  ...change,
});

describe('AuditPage', () => {
  let http: HttpTestingController;
  let bed: PageBed;
  const asked = () => http.expectOne(({ url }) => url === '/api/audit');
  const text = () => words(bed.page);

  async function open(url = '/audit'): Promise<void> {
    http = setUpPortal([{ path: 'audit', component: AuditPage }]);
    await signIn(http, session());
    bed = new PageBed((await RouterTestingHarness.create(url)).fixture);
    await bed.rest();
  }
  async function show(items: AuditEntryView[], next: string | null = null, url?: string): Promise<void> {
    await open(url);
    asked().flush({ items, next });
    await bed.rest();
  }

  it('tells who did what about whom, with all that is known', async () => {
    await show([
      entry(),
      entry({ id: '8', kind: 'desktop-stopped', actor: BO, details: { reason: 'The host goes down.' } }),
    ]);
    expect(text()).toContain('Desktop launched by Ada Okafor');
    expect(text()).toContain('image version 3 data /data/a (9p, read-only) /scratch (9p, writable)');
    expect(text()).not.toContain('sha256');
    expect(text()).toContain('Desktop stopped by Bo Lind · about Ada Okafor The host goes down.');
    expect(text()).toContain('Nothing older.');
  });

  it('shows what is older below what there is', async () => {
    await show([entry()], '9');
    await bed.press('Earlier');
    const older = asked();
    expect(older.request.params.get('before')).toBe('9');
    older.flush({
      items: [entry({ id: '3', kind: 'host-drained', actor: null, subject: null, details: { host: 'vm-1' } })],
      next: null,
    });
    await bed.rest();
    expect(text()).toMatch(/Desktop launched.*Host drained by the portal/);
  });

  it('keeps what is searched in the address, and in the files', async () => {
    await show([entry()], null, '/audit?kind=sign-in&from=2026-11-01&to=2026-11-02&person=bad');
    await bed.set('q', ' vm ');
    await bed.press('Search');
    expect(TestBed.inject(Router).url).toBe('/audit?kind=sign-in&from=2026-11-01&to=2026-11-02&q=vm');
    const { params } = asked().request;
    const span = Date.parse(params.get('to') ?? '') - Date.parse(params.get('from') ?? '');
    expect([params.get('kind'), params.get('q'), params.has('person'), span]).toEqual([
      'sign-in',
      'vm',
      false,
      172_800_000,
    ]);
    const files = [...bed.page.querySelectorAll('a[download]')].map(
      (link) => new URLSearchParams(link.getAttribute('href')?.split('?')[1]),
    );
    expect(files.map((query) => [query.get('format'), query.get('q'), query.get('kind')])).toEqual([
      ['csv', 'vm', 'sign-in'],
      ['jsonl', 'vm', 'sign-in'],
    ]);
    await bed.press('Show all');
    expect(TestBed.inject(Router).url).toBe('/audit');
  });

  it('narrows to somebody by their name', async () => {
    await show([entry()], null, `/audit?person=${ADA.id}`);
    expect(text()).toContain('Only what Ada Okafor did');
    expect(bed.page.querySelector('li a')?.getAttribute('href')).toContain(`person=${ADA.id}`);
  });

  it('says when nothing is found, and when it does not know', async () => {
    await show([]);
    expect(text()).toContain('Nothing like that was written down.');
    TestBed.resetTestingModule();
    await open();
    refuse(asked(), 500, 'INTERNAL', 'Broken.');
    await bed.rest();
    expect(bed.page.querySelector('[role=alert]')?.textContent).toContain('Broken.');
  });
});

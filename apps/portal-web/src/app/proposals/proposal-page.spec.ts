import { HttpTestingController } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { Title } from '@angular/platform-browser';
import { RouterTestingHarness } from '@angular/router/testing';
import { refuse, setUpPortal, signIn, words } from '../testing/portal';
import { proposalDetail } from '../testing/views';
import { fileSize } from './datasets-table';
import { ProposalPage } from './proposal-page';

describe('ProposalPage', () => {
  let http: HttpTestingController;
  let harness: RouterTestingHarness;

  beforeEach(async () => {
    http = setUpPortal([{ path: 'proposals/:key', component: ProposalPage }]);
    await signIn(http);
    harness = await RouterTestingHarness.create('/proposals/file~demo~LS%2F12');
  });
  const request = () => http.expectOne('/api/proposals/file~demo~LS%2F12');
  const text = () => words(harness.routeNativeElement);

  it('shows abstract, visits, team and datasets, and names the tab', async () => {
    request().flush(proposalDetail());
    await harness.fixture.whenStable();
    expect(harness.routeNativeElement?.querySelector('h1')?.textContent).toBe('Strain in titanium');
    expect(text()).toMatch(/Second paragraph\..*CeO2 calibration.*Bo Lindqvist.*Lund University/);
    expect(text()).toContain('8.9 MB');
    expect(TestBed.inject(Title).getTitle()).toBe('20260301 · Beamdesk');
  });

  it('says which datasets only the archive has, and that there are more', async () => {
    const [online] = proposalDetail().datasets;
    const also = (id: string, availability: 'archived' | 'restoring' | 'unknown') => ({ ...online, id, name: id, availability });
    const datasets = [also('tape', 'archived'), also('coming', 'restoring'), also('somewhere', 'unknown'), online];
    request().flush(proposalDetail({ datasets: datasets as ReturnType<typeof proposalDetail>['datasets'], moreDatasets: true }));
    await harness.fixture.whenStable();
    const rows = [...(harness.routeNativeElement?.querySelectorAll('tbody tr') ?? [])].map((row) => words(row));
    expect(rows[0]).toMatch(/^tape.*In the archive only/);
    expect(rows[1]).toMatch(/^coming.*On its way from the archive/);
    expect(rows.slice(2).join(' ')).not.toMatch(/archive/);
    expect(text()).toContain('The catalogue has more datasets than the 4 listed here.');
  });

  it('says so when there is no such proposal, without Retry', async () => {
    refuse(request(), 404, 'NOT_FOUND');
    await harness.fixture.whenStable();
    expect(harness.routeNativeElement?.querySelector('h1')?.textContent).toBe('No such proposal');
    expect(harness.routeNativeElement?.querySelector('button')).toBeNull();
  });

  it('offers Retry when the portal cannot be reached', async () => {
    request().error(new ProgressEvent('error'));
    await harness.fixture.whenStable();
    expect(text()).toContain('The portal cannot be reached');
    harness.routeNativeElement?.querySelector<HTMLButtonElement>('bd-problem button')?.click();
    request().flush(proposalDetail({ datasets: [], team: [], visits: [] }));
    await harness.fixture.whenStable();
    expect(text()).toMatch(/no dataset yet.*No visit is planned.*names nobody/);
  });
});

describe('fileSize', () => {
  it.each([
    [0, '0 bytes'],
    [999, '999 bytes'],
    [1000, '1.0 kB'],
    [48_912_334_112, '48.9 GB'],
    [250_000_000_000, '250 GB'],
  ])('%i', (bytes, words) => expect(fileSize(bytes)).toBe(words));
});

import { HttpTestingController } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { Title } from '@angular/platform-browser';
import { RouterTestingHarness } from '@angular/router/testing';
import type { RestoreView } from '@beamdesk/contracts';
import { FakeSocket } from '../testing/fake-socket';
import { refuse, setUpPortal, signIn, words } from '../testing/portal';
import { proposalDetail, quota } from '../testing/views';
import { Toasts } from '../shell/toasts.store';
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

  it('asks for the sign-in at the catalogue that wants one', async () => {
    refuse(request(), 409, 'CATALOGUE_SIGN_IN_NEEDED');
    await harness.fixture.whenStable();
    expect(text()).toContain('Sign in to file~demo~LS/12');
    expect(harness.routeNativeElement?.querySelector('bd-problem')).toBeNull();
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

describe('ProposalPage with a dataset in the archive', () => {
  let http: HttpTestingController;
  let harness: RouterTestingHarness;
  const url = '/api/proposals/file~demo~LS%2F12';
  const text = () => words(harness.routeNativeElement);
  const button = () => harness.routeNativeElement?.querySelector<HTMLButtonElement>('td button, th button');
  const settle = async () => {
    await jest.advanceTimersByTimeAsync(0);
    harness.detectChanges();
  };

  beforeEach(async () => {
    http = setUpPortal([{ path: 'proposals/:key', component: ProposalPage }]);
    await signIn(http);
    harness = await RouterTestingHarness.create('/proposals/file~demo~LS%2F12');
    const [dataset] = proposalDetail().datasets;
    const archived = { ...dataset, id: 'a/1', name: 'tape', availability: 'archived' as const };
    jest.useFakeTimers();
    http.expectOne(url).flush(proposalDetail({ datasets: [archived] as ReturnType<typeof proposalDetail>['datasets'] }));
    await settle();
  });
  afterEach(() => {
    jest.useRealTimers();
    http.verify();
  });
  const ask = async () => {
    button()?.click();
    await settle();
    return http.expectOne(`${url}/restores`);
  };
  const push = async (state: RestoreView['state'], datasets = ['a/1'], proposalKey = 'file~demo~LS/12') => {
    FakeSocket.last.send({ type: 'restore', proposalKey, restore: { id: 'r1', datasets, state } });
    await settle();
  };

  it('brings it back when asked, and hears when it is there without asking', async () => {
    expect(button()?.getAttribute('aria-label')).toBe('Bring back tape from the archive');
    http.expectNone(() => true);
    const asked = await ask();
    expect(asked.request.body).toEqual({ datasets: ['a/1'] });
    expect(text()).toContain('On its way from the archive');
    expect(button()?.getAttribute('aria-disabled')).toBe('true');
    asked.flush({ id: 'r1', datasets: ['a/1'], state: 'requested' });
    await settle();
    await push('running');
    await push('done', ['another'], 'file~demo~other');
    expect(text()).toContain('On its way from the archive');
    await push('done');
    expect(button()).toBeNull();
    expect(text()).not.toContain('archive');
    expect(TestBed.inject(Toasts).all().at(-1)?.text).toBe('“tape” is back from the archive.');
    http.expectNone(() => true);
  });

  it('says why not, and leaves it where it is', async () => {
    refuse(await ask(), 409, 'RESTORE_REFUSED');
    await settle();
    expect(text()).toContain('In the archive only');
    expect(TestBed.inject(Toasts).all().at(-1)?.text).toContain('message of RESTORE_REFUSED');
  });

  it('shows what another tab asked for, and a restore that failed', async () => {
    await push('running');
    expect(text()).toContain('On its way from the archive');
    await push('failed');
    expect(text()).toContain('In the archive only');
    expect(TestBed.inject(Toasts).all().at(-1)?.text).toContain('could not bring “tape” back');
  });

  it('looks for itself, once, after the connection was away', async () => {
    (await ask()).flush({ id: 'r1', datasets: ['a/1'], state: 'running' });
    await settle();
    FakeSocket.last.drop();
    await jest.advanceTimersByTimeAsync(5_000);
    FakeSocket.last.send({ type: 'snapshot', seq: 1, instances: [], quota: quota() });
    const [dataset] = proposalDetail().datasets;
    const online = { ...dataset, id: 'a/1', name: 'tape', availability: 'online' as const };
    http.expectOne(url).flush(proposalDetail({ datasets: [online] as ReturnType<typeof proposalDetail>['datasets'] }));
    await settle();
    expect(text()).not.toContain('archive');
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

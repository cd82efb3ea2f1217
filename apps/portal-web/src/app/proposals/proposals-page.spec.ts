import { HttpTestingController, TestRequest } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { MatDialog } from '@angular/material/dialog';
import { Router } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import type { ProposalsPage as Answer } from '@beamdesk/contracts';
import { MomentPipe } from '../shell/time.pipes';
import { pushSnapshot, refuse, setUpPortal, settle, signIn, timers, words } from '../testing/portal';
import { instance, page, proposal } from '../testing/views';
import { ProposalsPage } from './proposals-page';

describe('ProposalsPage', () => {
  let http: HttpTestingController;
  let harness: RouterTestingHarness;

  async function open(url = '/proposals'): Promise<TestRequest> {
    http = setUpPortal([{ path: 'proposals', component: ProposalsPage }]);
    await signIn(http);
    harness = await RouterTestingHarness.create(url);
    return list();
  }
  const list = () => http.expectOne(({ url }) => url === '/api/proposals');
  const element = () => harness.routeNativeElement as HTMLElement;
  const text = () => words(harness.routeNativeElement);
  const button = (name: string) =>
    [...element().querySelectorAll('button')].find((item) => (item.getAttribute('aria-label') ?? item.textContent)?.trim() === name);
  async function answer(request: TestRequest, body: Answer): Promise<void> {
    request.flush(body);
    await harness.fixture.whenStable();
  }

  it('asks for what the address says', async () => {
    const request = await open('/proposals?search=iron&sort=title&favourites=true&page=3');
    expect(request.request.params.toString()).toBe('search=iron&sort=title&favourites=true&offset=40&limit=20');
  });

  it('takes nonsense in the address as absent', async () => {
    const request = await open('/proposals?sort=evil&page=-2&favourites=maybe');
    expect(request.request.params.toString()).toBe('search=&sort=recent&favourites=false&offset=0&limit=20');
  });

  it('shows number, title, beamlines, visits, role and the desktop button', async () => {
    await answer(await open(), page([proposal()]));
    expect(text()).toMatch(/20260301.*ID11.*Strain in titanium.*Principal investigator/);
    expect(element().querySelector('h2 a')?.getAttribute('href')).toBe('/proposals/k1');
    expect(button('Desktop for 20260301')).toBeDefined();
  });

  it('says which catalogue is down, of when its proposals are, and that desktops run on', async () => {
    await answer(await open(), page([proposal()], { unavailable: ['icat'] }));
    const moment = new MomentPipe().transform(page([]).observedAt ?? '');
    expect(text()).toContain('does not answer at the moment (icat).');
    expect(text()).toContain(`What it showed last stands here, as of ${moment}.`);
    expect(text()).toMatch(/Running desktops go on.*20260301/);
    expect(text()).not.toContain('missing');
    button('Look again')?.click();
    await answer(list(), page([proposal()]));
    expect(text()).not.toContain('does not answer');
  });

  it('says whose proposals are missing, and does not say that there are none', async () => {
    const down = { unavailable: ['icat'], missing: ['icat'], observedAt: null };
    await answer(await open(), page([], down));
    expect(text()).toContain('Proposals of icat are missing.');
    expect(text()).not.toContain('showed last');
    expect(text()).not.toContain('No proposals yet');
    button('Look again')?.click();
    await answer(list(), page([]));
    expect(text()).toContain('No proposals yet');
  });

  it('opens the abstract in place', async () => {
    await answer(await open(), page([proposal()]));
    const more = element().querySelector<HTMLButtonElement>('button[aria-expanded]');
    const abstract = element().querySelector<HTMLElement>(`#${more?.getAttribute('aria-controls')}`);
    expect(abstract?.hidden).toBe(true);
    more?.click();
    await harness.fixture.whenStable();
    expect(more?.getAttribute('aria-expanded')).toBe('true');
    expect(abstract?.hidden).toBe(false);
    expect(abstract?.textContent).toContain('Second paragraph.');
  });

  it('shows a skeleton first, says after 3 s that it is slow, and nothing else', async () => {
    jest.useFakeTimers();
    try {
      await open();
      expect(element().querySelectorAll('.bd-skeleton').length).toBeGreaterThan(0);
      jest.advanceTimersByTime(3000);
      harness.detectChanges();
      expect(text()).toContain('longer than usual');
    } finally {
      jest.useRealTimers();
    }
  });

  it('searches after a pause in typing, and cancels the search that is overtaken', async () => {
    await answer(await open(), page([proposal()]));
    const field = element().querySelector<HTMLInputElement>('input[type=search]');
    const type = (value: string) => {
      if (field) field.value = value;
      field?.dispatchEvent(new Event('input'));
    };
    jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'nextTick'] });
    try {
      type('i');
      jest.advanceTimersByTime(200);
      type('iron');
      jest.advanceTimersByTime(249);
      expect(TestBed.inject(Router).url).toBe('/proposals');
      jest.advanceTimersByTime(1);
      await jest.advanceTimersByTimeAsync(10);
      const first = list();
      expect(first.request.params.get('search')).toBe('iron');
      type('iron b');
      await jest.advanceTimersByTimeAsync(300);
      expect(first.cancelled).toBe(true);
      expect(list().request.params.get('search')).toBe('iron b');
      expect(TestBed.inject(Router).url).toBe('/proposals?search=iron%20b');
      expect(field?.value).toBe('iron b');
    } finally {
      jest.useRealTimers();
    }
  });

  it('says what was searched when nothing matches, and leads back to all', async () => {
    await answer(await open('/proposals?search=neutrino'), page([]));
    expect(text()).toContain('No proposal has “neutrino”');
    button('Show all proposals')?.click();
    await harness.fixture.whenStable();
    await answer(list(), page([proposal()]));
    expect(TestBed.inject(Router).url).toBe('/proposals');
  });

  it('says what to do when there is no proposal at all', async () => {
    await answer(await open(), page([]));
    expect(text()).toContain('No proposals yet');
  });

  it('pages through a long list, with the page in the address', async () => {
    await answer(await open(), page([proposal()], { total: 45 }));
    expect(button('Previous')?.disabled).toBe(true);
    button('Next')?.click();
    await harness.fixture.whenStable();
    const second = list();
    expect(second.request.params.get('offset')).toBe('20');
    expect(TestBed.inject(Router).url).toBe('/proposals?page=2');
  });

  describe('with a catalogue that asks people to sign in there', () => {
    const way = (id: string, fields: string[]) => ({
      id,
      label: id.toUpperCase(),
      fields: fields.map((name) => ({ name, hidden: name !== 'username' })),
    });
    const ways = [way('db', ['username', 'password']), way('oidc', ['token'])];
    const dialog = () => document.querySelector('mat-dialog-container');
    const rendered = async () => {
      await harness.fixture.whenStable();
      await timers();
      harness.fixture.detectChanges();
    };
    const field = (name: string) => dialog()?.querySelector<HTMLInputElement>(`input[name=${name}]`);
    const type = (name: string, value: string) => {
      const input = field(name);
      if (input) input.value = value;
    };
    const submit = () => dialog()?.querySelector('form')?.dispatchEvent(new Event('submit', { cancelable: true }));
    const openDialog = async (authenticators: typeof ways | null = ways) => {
      await answer(await open(), page([], { signIn: ['icat'] }));
      button('Sign in to icat')?.click();
      await rendered();
      http.expectOne('/api/catalogue-sessions').flush({ catalogues: [{ catalogue: 'icat', signedInAs: null, authenticators }] });
      await rendered();
    };
    afterEach(async () => {
      TestBed.inject(MatDialog).closeAll();
      await timers();
    });

    it('asks for what that catalogue asks for, says why not, and shows its proposals then', async () => {
      await openDialog();
      expect(text()).not.toContain('No proposals yet');
      expect([field('username')?.type, field('password')?.type]).toEqual(['text', 'password']);
      expect([field('username')?.autocomplete, field('password')?.autocomplete]).toEqual(['username', 'current-password']);
      type('username', 'ada');
      type('password', 'wrong');
      submit();
      const first = http.expectOne({ method: 'POST', url: '/api/catalogue-sessions' });
      const order = { catalogue: 'icat', authenticator: 'db', fields: { username: 'ada', password: 'wrong' } };
      expect(first.request.body).toEqual(order);
      refuse(first, 403, 'CATALOGUE_LOGIN_REFUSED', 'Check them.');
      await rendered();
      expect(dialog()?.querySelector('[role=alert]')?.textContent).toContain('Check them.');
      expect(field('username')?.value).toBe('ada');
      type('password', 'right');
      submit();
      http.expectOne({ method: 'POST', url: '/api/catalogue-sessions' }).flush(null, { status: 204, statusText: 'No Content' });
      await rendered();
      await answer(list(), page([proposal()]));
      expect(text()).toContain('Strain in titanium');
      expect(text()).not.toContain('Sign in to icat');
    });

    it('offers each of its ways, and says when it does not answer', async () => {
      await openDialog();
      const choice = dialog()?.querySelector('select');
      if (choice) choice.value = 'oidc';
      choice?.dispatchEvent(new Event('change'));
      await rendered();
      expect([field('token')?.type, field('username') ?? null]).toEqual(['password', null]);
      TestBed.inject(MatDialog).closeAll();
      await rendered();
      button('Sign in to icat')?.click();
      await rendered();
      const down = { catalogues: [{ catalogue: 'icat', signedInAs: null, authenticators: null }] };
      http.expectOne('/api/catalogue-sessions').flush(down);
      await rendered();
      expect(dialog()?.textContent).toContain('does not answer');
      expect(dialog()?.querySelector<HTMLButtonElement>('[type=submit]')?.disabled).toBe(true);
    });
  });

  it('says why when the catalogue is down, keeps running desktops one click away, and retries', async () => {
    const request = await open();
    await pushSnapshot([instance()]);
    refuse(request, 503, 'CATALOGUE_UNAVAILABLE', 'It has not answered for 10 seconds.');
    await harness.fixture.whenStable();
    expect(element().querySelector('[role=alert]')?.textContent).toContain('It has not answered for 10 seconds.');
    expect(element().querySelector(`a[href="/desktop/${instance().id}"]`)?.textContent).toContain('20260301');
    button('Try again')?.click();
    await answer(list(), page([proposal()]));
    expect(text()).toContain('Strain in titanium');
    expect(element().querySelector('[role=alert]')).toBeNull();
  });

  it('shows a star at once and takes it back when the server refuses', async () => {
    await answer(await open(), page([proposal()]));
    const pressed = () => button('Favourite: 20260301')?.getAttribute('aria-pressed');
    button('Favourite: 20260301')?.click();
    await harness.fixture.whenStable();
    expect(pressed()).toBe('true');
    refuse(http.expectOne({ method: 'PUT', url: '/api/proposals/k1/favourite' }), 429, 'TOO_MANY_REQUESTS');
    await settle();
    await harness.fixture.whenStable();
    expect(pressed()).toBe('false');
  });

  it('gives every control a name', async () => {
    await answer(await open(), page([proposal({ desktop: instance() })]));
    const names = [...element().querySelectorAll('button, a, input, select')].map(
      (control) =>
        control.getAttribute('aria-label') ?? control.closest('label')?.textContent?.trim() ?? control.textContent?.trim(),
    );
    expect(names.filter((name) => !name)).toEqual([]);
  });
});

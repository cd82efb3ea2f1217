import { DOCUMENT } from '@angular/common';
import { HttpTestingController } from '@angular/common/http/testing';
import { RouterTestingHarness } from '@angular/router/testing';
import type { AccountView, SignInWay } from '@beamdesk/contracts';
import { FakeSocket } from '../testing/fake-socket';
import { refuse, setUpPortal, settle, signIn, timers, words } from '../testing/portal';
import { session } from '../testing/views';
import { AccountPage } from './account-page';

const way = (change: Partial<SignInWay> = {}): SignInWay => ({
  id: '66666666-6666-4666-8666-666666666666',
  provider: 'umbrella',
  label: 'UmbrellaID',
  kind: 'redirect',
  subject: 'demo|ada',
  name: 'Ada Okafor',
  groups: [],
  linkedBy: 'sign-in',
  since: '2026-03-01T10:00:00.000Z',
  lastUsedAt: '2026-11-21T10:00:00.000Z',
  present: true,
  ...change,
});
const second = way({
  id: '77777777-7777-4777-8777-777777777777',
  provider: 'site',
  label: 'Site account',
  name: 'A. Okafor',
  linkedBy: 'person',
  present: false,
  groups: Array.from({ length: 10 }, (_, i) => `p${i}`),
});
const view = (change: Partial<AccountView> = {}): AccountView => ({
  ways: [way()],
  catalogues: [],
  providers: [
    { id: 'umbrella', label: 'UmbrellaID', kind: 'redirect' },
    { id: 'local', label: 'a local account', kind: 'password' },
  ],
  changesUntil: '2026-11-21T10:10:00.000Z',
  ...change,
});

describe('AccountPage', () => {
  let http: HttpTestingController;
  let went: string[];
  let harness: RouterTestingHarness;

  const open = async (shown: AccountView, url = '/account') => {
    went = [];
    const location = { origin: 'http://localhost', href: 'http://localhost/', assign: (to: string) => went.push(to) };
    const real = document;
    const fake = new Proxy(real, {
      get: (target, name) => {
        if (name === 'location') return location;
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? (value as () => unknown).bind(target) : value;
      },
    });
    http = setUpPortal([{ path: 'account', component: AccountPage }], [{ provide: DOCUMENT, useValue: fake }]);
    await signIn(http);
    harness = await RouterTestingHarness.create();
    await harness.navigateByUrl(url, AccountPage);
    http.expectOne('/api/account').flush(shown);
    await settle();
  };
  const page = () => harness.routeNativeElement;
  const text = () => words(page());
  const press = async (name: string, root: ParentNode = document) => {
    const found = [...root.querySelectorAll<HTMLButtonElement>('button')].find((one) =>
      (one.getAttribute('aria-label') ?? words(one)).startsWith(name),
    );
    if (!found) throw new Error(`no button ${name}`);
    found.click();
    await settle();
  };
  afterEach(() => document.querySelectorAll('.cdk-overlay-container').forEach((one) => one.remove()));

  it('shows every way with who, since when and when last, and keeps the one in use and the only one', async () => {
    await open(view());
    expect(text()).toMatch(
      /UmbrellaID Signed in with this now Name there Ada Okafor Login demo\|ada Since .*2026, your first/,
    );
    expect(text()).toContain('The only way you sign in cannot be removed');
    expect(text()).toContain('No catalogue knows you');
  });

  it('shows the groups of a way, the rest when asked', async () => {
    await open(view({ ways: [way(), second] }));
    expect(text()).toMatch(/p7 and 2 more/);
    await press('and 2 more');
    expect(text()).toMatch(/p8 p9/);
    expect(text()).toContain('To remove it, sign in another way first');
  });

  it('leaves for a provider to add a login', async () => {
    await open(view());
    await press('Add another');
    await press('UmbrellaID');
    const request = http.expectOne('/api/account/ways');
    expect(request.request.body).toEqual({ provider: 'umbrella' });
    request.flush({ redirect: 'https://login.example/authorize' });
    await settle();
    expect(went).toEqual(['https://login.example/authorize']);
  });

  it.each([
    ['LINKED', 'status', /Added\./],
    ['LINK_OF_ANOTHER_PERSON', 'alert', /another account of the portal.*ask the staff/],
    ['SIGN_IN_UNAVAILABLE', 'alert', /does not answer/],
    ['WHATEVER', 'alert', /\(WHATEVER\)/],
  ])('says what came of it: %s', async (code, role, said) => {
    await open(view(), `/account?link=${code}`);
    expect(page()?.querySelector(`.news[role=${role}]`)?.textContent).toMatch(said);
  });

  it('adds an account by name and password, and stays at the question while they are wrong', async () => {
    await open(view());
    await press('Add another');
    await press('a local account');
    const dialog = () => document.querySelector('mat-dialog-container') as HTMLElement;
    const type = (name: string, value: string) =>
      ((dialog().querySelector(`[name=${name}]`) as HTMLInputElement).value = value);
    type('username', 'grace');
    type('password', 'wrong');
    dialog().querySelector('form')?.dispatchEvent(new Event('submit'));
    const first = http.expectOne('/api/account/ways/password');
    expect(first.request.body).toEqual({ provider: 'local', name: 'grace', password: 'wrong' });
    refuse(first, 401, 'WRONG_PASSWORD', 'Name or password is wrong.');
    await settle();
    expect(words(dialog())).toContain('Name or password is wrong.');
    dialog().querySelector('form')?.dispatchEvent(new Event('submit'));
    http.expectOne('/api/account/ways/password').flush(view({ ways: [way(), second] }));
    await settle();
    await timers();
    await settle();
    expect(text()).toMatch(/Added\..*Site account/);
  });

  it('asks before it removes a way', async () => {
    await open(view({ ways: [way(), second] }));
    await press('Remove Site account');
    expect(words(document.querySelector('mat-dialog-container'))).toContain('as A. Okafor is another account here');
    await press('Remove', document.querySelector('mat-dialog-actions') as HTMLElement);
    await timers();
    await settle();
    const request = http.expectOne('/api/account/ways/removal');
    expect(request.request.body).toEqual({ id: second.id });
    request.flush(view());
    await settle();
    expect(text()).not.toContain('Site account');
  });

  it('asks to sign in again where that was long ago, at the same provider', async () => {
    await open(view({ ways: [way(), second], changesUntil: null }));
    expect(text()).not.toContain('Add another');
    expect(page()?.querySelector('[aria-label="Remove Site account"]')).toBeNull();
    await press('Sign in again');
    expect(went).toEqual(['/api/auth/sign-in?provider=umbrella&returnTo=%2Faccount&fresh=1']);
  });

  it('shows how it is then where a change comes too late', async () => {
    await open(view({ ways: [way(), second] }));
    await press('Add another');
    await press('UmbrellaID');
    refuse(http.expectOne('/api/account/ways'), 403, 'SIGN_IN_NOT_RECENT', 'Sign in again first.');
    await settle();
    http.expectOne('/api/account').flush(view({ changesUntil: null }));
    await settle();
    expect(text()).toMatch(/Sign in again first\..*To add or remove a way to sign in, sign in again first/);
  });

  it('says how catalogues know the person, and which account counts for nothing', async () => {
    const known = { catalogue: 'icat', name: 'ldap/ada', groups: ['p1'], linkedBy: 'rule', wayId: way().id };
    const since = '2026-03-01T10:00:00.000Z';
    const unused = [{ name: 'ldap/okafor', wayId: second.id }];
    await open(view({ ways: [way(), second], catalogues: [{ ...known, since, unused }] }));
    expect(text()).toMatch(/icat Name ldap\/ada Groups p1 Linked by a rule of the facility, from UmbrellaID Since/);
    expect(text()).toMatch(/Site account would make you ldap\/okafor there/);
  });

  it('follows what changes elsewhere', async () => {
    await open(view());
    FakeSocket.opened.find(({ url }) => url.endsWith('about=authorisation'))?.send({ type: 'authorisation' });
    await settle();
    http.expectOne('/api/account').flush(view({ ways: [way(), second] }));
    http.expectOne('/api/session').flush(session());
    await settle();
    expect(text()).toContain('Site account');
  });

  it('says why it cannot be shown', async () => {
    http = setUpPortal([{ path: 'account', component: AccountPage }]);
    await signIn(http);
    harness = await RouterTestingHarness.create();
    await harness.navigateByUrl('/account', AccountPage);
    refuse(http.expectOne('/api/account'), 429, 'TOO_MANY_REQUESTS', 'Wait a minute.');
    await settle();
    expect(page()?.querySelector('[role=alert]')?.textContent).toContain('Wait a minute.');
  });
});

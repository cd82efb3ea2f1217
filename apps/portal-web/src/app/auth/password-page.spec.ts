import { HttpTestingController, TestRequest } from '@angular/common/http/testing';
import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Router } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import { refuse, setUpPortal, settle, signIn, words } from '../testing/portal';
import { session, signedOutSession } from '../testing/views';
import { PasswordPage } from './password-page';

@Component({ selector: 'bd-elsewhere', template: 'elsewhere' })
class Elsewhere {}

describe('Sign in by name and password', () => {
  let http: HttpTestingController;
  let harness: RouterTestingHarness;

  const local = { id: 'local', label: 'an engineer’s account', kind: 'password' as const };
  const site = { id: 'site', label: 'a site account', kind: 'password' as const };
  async function open(providers: (typeof local)[], query: string): Promise<void> {
    http = setUpPortal([
      { path: 'page', component: PasswordPage },
      { path: '**', component: Elsewhere },
    ]);
    await signIn(http, { ...signedOutSession, providers: [...signedOutSession.providers, ...providers] });
    harness = await RouterTestingHarness.create(`/page?${query}`);
  }
  afterEach(() => http.verify());

  const element = () => harness.routeNativeElement as HTMLElement;
  const alert = () => element().querySelector('[role=alert]')?.textContent;
  const input = (id: string) => element().querySelector<HTMLInputElement>(`#${id}`);
  const type = (id: string, text: string) => Object.assign(input(id) ?? {}, { value: text });
  const submit = () =>
    element()
      .querySelector('form')
      ?.dispatchEvent(new Event('submit', { cancelable: true }));
  const asked = (): TestRequest => http.expectOne({ method: 'POST', url: '/api/auth/password' });
  async function send(name = 'grace', password = 'one time for Grace'): Promise<TestRequest> {
    type('account-name', name);
    type('account-password', password);
    submit();
    await settle();
    return asked();
  }
  async function settled(): Promise<void> {
    await settle();
    await harness.fixture.whenStable();
  }
  const oneTime = async () => {
    refuse(await send(), 409, 'PASSWORD_CHANGE_NEEDED');
    await settled();
  };

  beforeEach(() => open([local], 'returnTo=/resources'));

  it('names the account, and lets browsers fill it in', () => {
    expect(words(element())).toContain('Sign in with an engineer’s account');
    expect([input('account-name')?.autocomplete, input('account-password')?.autocomplete]).toEqual([
      'username',
      'current-password',
    ]);
    expect(document.activeElement).toBe(input('account-name'));
  });

  it('signs in and goes on to where the person was heading', async () => {
    const request = await send();
    expect(request.request.body).toEqual({ provider: 'local', name: 'grace', password: 'one time for Grace' });
    expect(element().querySelector<HTMLButtonElement>('button[type=submit]')?.disabled).toBe(true);
    request.flush(null);
    await settle();
    http.expectOne('/api/session').flush(session());
    await settled();
    expect(TestBed.inject(Router).url).toBe('/resources');
  });

  it('says why not, marks what was typed and waits there', async () => {
    refuse(await send(), 401, 'WRONG_PASSWORD', 'The name or the password is not right.');
    await settled();
    expect(alert()).toContain('The name or the password is not right.');
    expect(input('account-password')?.getAttribute('aria-invalid')).toBe('true');
    expect(input('account-password')?.getAttribute('aria-describedby')).toBe('sign-in-problem');
    expect(document.activeElement).toBe(input('account-password'));
    expect(TestBed.inject(Router).url).toBe('/page?returnTo=%2Fresources');
  });

  it('marks nothing as wrong when only the moment is', async () => {
    refuse(await send(), 429, 'SIGN_IN_LOCKED', 'Wait 30 seconds and try again.');
    await settled();
    expect(alert()).toContain('Wait 30 seconds');
    expect(input('account-password')?.getAttribute('aria-invalid')).toBe('false');
  });

  it('asks for a password of their own where it was given for one use', async () => {
    await oneTime();
    expect(words(element())).toContain('Choose a password');
    expect(input('account-password')?.closest('.field')?.hasAttribute('hidden')).toBe(true);
    expect(document.activeElement).toBe(input('new-password'));
    type('new-password', 'correct horse battery');
    type('new-password-again', 'correct horse battery');
    submit();
    await settle();
    const request = asked();
    expect(request.request.body).toEqual({
      provider: 'local',
      name: 'grace',
      password: 'one time for Grace',
      newPassword: 'correct horse battery',
    });
    refuse(request, 400, 'WEAK_PASSWORD', 'Too few different characters.');
    await settled();
    expect(alert()).toContain('Too few different characters.');
    expect(input('new-password')?.getAttribute('aria-invalid')).toBe('true');
  });

  it('sends nothing while the two new passwords differ', async () => {
    await oneTime();
    type('new-password', 'correct horse battery');
    type('new-password-again', 'correct horse batteri');
    submit();
    await settled();
    expect(alert()).toContain('not the same');
  });

  it('goes back to the name when the one-time password has been replaced', async () => {
    await oneTime();
    type('new-password', 'correct horse battery');
    type('new-password-again', 'correct horse battery');
    submit();
    await settle();
    refuse(asked(), 401, 'WRONG_PASSWORD');
    await settled();
    expect(input('new-password')).toBeNull();
    expect(input('account-password')?.closest('.field')?.hasAttribute('hidden')).toBe(false);
  });

  it('offers the other ways in', () => {
    const link = [...element().querySelectorAll('a')].find((one) => one.textContent?.includes('another way'));
    expect(link?.getAttribute('href')).toBe('/sign-in?returnTo=%2Fresources');
  });

  it('asks nobody which account where there is one kind', () => expect(element().querySelector('fieldset')).toBeNull());

  describe('where there are several kinds of account', () => {
    beforeEach(() => {
      TestBed.resetTestingModule();
      return open([site, local], 'provider=local&returnTo=/resources');
    });

    const ways = () => [...element().querySelectorAll<HTMLInputElement>('fieldset input')];
    const pick = async (id: string) => {
      ways().find(({ value }) => value === id)?.click();
      await settled();
    };

    it('begins with the one that was asked for, and lets people choose', async () => {
      expect(element().querySelector('legend')?.textContent).toBe('Which account?');
      expect(ways().map(({ value, checked }) => [value, checked])).toEqual([
        ['site', false],
        ['local', true],
      ]);
      await pick('site');
      expect(element().querySelector('h1')?.textContent).toBe('Sign in with a site account');
      const request = await send();
      expect(request.request.body).toEqual({ provider: 'site', name: 'grace', password: 'one time for Grace' });
      request.flush(null);
      await settle();
      http.expectOne('/api/session').flush(session());
      await settled();
      expect(TestBed.inject(Router).url).toBe('/resources');
    });

    it('says which cannot be asked, keeps what was typed, and forgets it with another choice', async () => {
      await pick('site');
      refuse(await send(), 503, 'DIRECTORY_UNAVAILABLE', 'Signing in does not work at this moment.');
      await settled();
      expect(alert()).toContain('does not work at this moment');
      expect(input('account-password')?.getAttribute('aria-invalid')).toBe('false');
      expect(input('account-name')?.value).toBe('grace');
      await pick('local');
      expect(alert()).toBeUndefined();
      expect(input('account-name')?.value).toBe('grace');
    });

    it('asks for no other account while a password is chosen', async () => {
      await oneTime();
      expect(element().querySelector('fieldset')).toBeNull();
    });
  });
});

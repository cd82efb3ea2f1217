import { HttpTestingController } from '@angular/common/http/testing';
import { Component, Type } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Router } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import type { LoginSessionView } from '@beamdesk/contracts';
import { refuse, setUpPortal, settle, signIn, words } from '../testing/portal';
import { session, signedOutSession } from '../testing/views';
import { ConditionsPage } from './conditions-page';
import { SignInPage } from './sign-in-page';
import { WelcomePage } from './welcome-page';

@Component({ selector: 'bd-elsewhere', template: 'elsewhere' })
class Elsewhere {}

describe('pages before the portal', () => {
  let http: HttpTestingController;
  let harness: RouterTestingHarness;

  async function open(component: Type<unknown>, view: LoginSessionView, query = ''): Promise<void> {
    http = setUpPortal([
      { path: 'page', component },
      { path: '**', component: Elsewhere },
    ]);
    await signIn(http, view);
    harness = await RouterTestingHarness.create(`/page${query}`);
  }
  const element = () => harness.routeNativeElement as HTMLElement;
  const text = () => words(harness.routeNativeElement);
  const button = (name: string) =>
    [...element().querySelectorAll('button')].find((item) => item.textContent?.trim() === name);

  describe('Welcome', () => {
    it('has one way in per provider, and the demo accounts in a demo', async () => {
      const providers = [...signedOutSession.providers, { id: 'local', label: 'a local account', kind: 'password' as const }];
      await open(WelcomePage, { ...signedOutSession, providers });
      const links = [...element().querySelectorAll('bd-sign-in-buttons a')];
      expect(links.map((link) => link.textContent?.trim())).toEqual([
        'Sign in with UmbrellaID (demo)',
        'Sign in with a local account',
      ]);
      expect(links[0].getAttribute('href')).toBe('/api/auth/sign-in?provider=umbrella&returnTo=%2Fproposals');
      expect(links[1].getAttribute('href')).toBe('/sign-in/password?provider=local&returnTo=%2Fproposals');
      expect(text()).toContain('Eve Novak');
    });

    it('names no demo account anywhere else', async () => {
      await open(WelcomePage, { ...signedOutSession, demo: false });
      expect(text()).not.toContain('Eve Novak');
    });
  });

  describe('Sign in', () => {
    it('explains the error, keeps the way back and says whom to ask', async () => {
      await open(SignInPage, signedOutSession, '?error=SESSION_ENDED&returnTo=/resources');
      expect(element().querySelector('[role=alert]')?.textContent).toContain('Your login session has ended');
      expect(element().querySelector('bd-sign-in-buttons a')?.getAttribute('href')).toContain('returnTo=%2Fresources');
      expect(element().querySelector('a[href="mailto:office@example.org"]')).not.toBeNull();
    });

    it.each(['SIGN_IN_UNAVAILABLE', 'SIGN_IN_CANCELLED', 'SIGN_IN_EXPIRED', 'SIGN_IN_FAILED', 'SIGN_IN_INCOMPLETE'])(
      'explains %s, which the api sends, without showing the code',
      async (code) => {
        await open(SignInPage, signedOutSession, `?error=${code}`);
        expect(element().querySelector('[role=alert]')?.textContent).not.toContain(code);
      },
    );

    it('names a code it does not know, but shows no text of the address', async () => {
      await open(SignInPage, signedOutSession, '?error=NEW_CODE');
      expect(text()).toContain('(NEW_CODE)');
      await open2('?error=' + encodeURIComponent('Call +44 123'));
      expect(text()).not.toContain('Call');
    });

    it('says nothing without an error and does not lead to another site', async () => {
      await open(SignInPage, signedOutSession, '?returnTo=https://evil.example');
      expect(element().querySelector('[role=alert]')).toBeNull();
      expect(element().querySelector('bd-sign-in-buttons a')?.getAttribute('href')).toContain('returnTo=%2Fproposals');
    });

    const open2 = (query: string) => harness.navigateByUrl(`/page${query}`);
  });

  describe('Conditions of Usage', () => {
    const before = session({ conditions: { version: '2', accepted: false } });
    const conditions = { version: '2', publishedAt: '2026-01-15T00:00:00.000Z', text: '# T\n\nBe **kind**.\n\n- one\n- two' };

    async function read(view = before): Promise<void> {
      await open(ConditionsPage, view, '?returnTo=/resources');
      http.expectOne('/api/conditions').flush(conditions);
      await harness.fixture.whenStable();
    }

    it('shows the text and accepts the version that was read', async () => {
      await read();
      expect(element().querySelector('strong')?.textContent).toBe('kind');
      expect(element().querySelectorAll('li')).toHaveLength(2);
      button('I have read and accept them')?.click();
      const acceptance = http.expectOne({ method: 'POST', url: '/api/conditions/acceptance' });
      expect(acceptance.request.body).toEqual({ version: '2' });
      acceptance.flush(null);
      await settle();
      http.expectOne('/api/session').flush(session());
      await settle();
      await harness.fixture.whenStable();
      expect(TestBed.inject(Router).url).toBe('/resources');
    });

    it('stays, says why and reads the text again when the acceptance is refused', async () => {
      await read();
      button('I have read and accept them')?.click();
      refuse(http.expectOne('/api/conditions/acceptance'), 409, 'OUTDATED', 'A newer version is in force.');
      await settle();
      http.expectOne('/api/conditions').flush({ ...conditions, version: '3' });
      await harness.fixture.whenStable();
      expect(element().querySelector('[role=alert]')?.textContent).toContain('A newer version is in force.');
      expect(text()).toContain('Version 3');
    });

    it('offers nothing to accept once accepted', async () => {
      await read(session());
      expect(text()).toContain('You have accepted this version');
      expect(button('I have read and accept them')).toBeUndefined();
    });

    it('offers Retry when the text cannot be had', async () => {
      await open(ConditionsPage, before);
      refuse(http.expectOne('/api/conditions'), 500, 'INTERNAL', 'Broken.');
      await harness.fixture.whenStable();
      button('Try again')?.click();
      http.expectOne('/api/conditions').flush(conditions);
      await harness.fixture.whenStable();
      expect(element().querySelector('bd-plain-text-view p')?.textContent).toBe('Be kind.');
    });
  });
});

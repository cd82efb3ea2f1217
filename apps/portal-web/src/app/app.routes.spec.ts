import { TestBed } from '@angular/core/testing';
import { Router } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import { routes } from './app.routes';
import { setUpPortal, signIn } from './testing/portal';
import { session, signedOutSession } from './testing/views';

describe('routes', () => {
  it('brings a failed sign-in to the page that explains its code', async () => {
    await signIn(setUpPortal(routes), signedOutSession);
    const harness = await RouterTestingHarness.create('/welcome?error=SIGN_IN_EXPIRED');
    expect(TestBed.inject(Router).url).toBe('/sign-in?error=SIGN_IN_EXPIRED');
    expect(harness.routeNativeElement?.textContent).toContain('took too long');
  });

  it('says so when there is nothing at an address', async () => {
    await signIn(setUpPortal(routes), session());
    const harness = await RouterTestingHarness.create('/nowhere/at/all');
    expect(harness.routeNativeElement?.querySelector('h1')?.textContent).toBe('There is nothing at this address');
  });

  it('lets nobody past the sign-in by any address', async () => {
    await signIn(setUpPortal(routes), signedOutSession);
    const harness = await RouterTestingHarness.create();
    for (const url of ['/proposals', '/proposals/k1', '/resources', '/quotas', '/desktop/1', '/conditions']) {
      await harness.navigateByUrl(url);
      expect(TestBed.inject(Router).url).toBe(`/sign-in?returnTo=${encodeURIComponent(url)}`);
    }
  });
});

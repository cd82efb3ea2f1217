import { TestBed } from '@angular/core/testing';
import { Router } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import type { Role } from '@beamdesk/contracts';
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
    const closed = ['/proposals', '/proposals/k1', '/resources', '/quotas', '/templates', '/site', '/site/hosts', '/people', '/people/requests', '/desktop/1', '/conditions', '/images', '/images/plans', '/software'];
    for (const url of closed) {
      await harness.navigateByUrl(url);
      expect(TestBed.inject(Router).url).toBe(`/sign-in?returnTo=${encodeURIComponent(url)}`);
    }
  });

  it.each<[Role, string]>([
    ['USER', 'This page is for the staff'],
    ['STAFF', 'Templates'],
    ['SUPPORT', 'Templates'],
    ['ADMIN', 'Templates'],
  ])('shows the templates to the staff, and %s a page with the heading "%s"', async (role, heading) => {
    const { user, ...rest } = session();
    const http = setUpPortal(routes);
    await signIn(http, { ...rest, user: user && { ...user, roles: [role] } });
    const harness = await RouterTestingHarness.create('/templates');
    expect(harness.routeNativeElement?.querySelector('h1')?.textContent).toBe(heading);
    expect(http.match('/api/templates')).toHaveLength(role === 'USER' ? 0 : 1);
  });

  it.each<[string, string, string]>([
    ['/people', 'People', '/api/people'],
    ['/people/requests', 'Requests', '/api/authorisation-requests'],
    ['/people/invitations', 'Invitations', '/api/invitations'],
    ['/requests', 'Requests', '/api/authorisation-requests'],
  ])('shows %s to those who decide, and to nobody else', async (address, heading, api) => {
    for (const role of ['USER', 'SUPPORT', 'STAFF', 'ADMIN'] as const) {
      const { user, ...rest } = session();
      const http = setUpPortal(routes);
      await signIn(http, { ...rest, user: user && { ...user, roles: [role] } });
      const harness = await RouterTestingHarness.create(address);
      const decides = role === 'STAFF' || role === 'ADMIN';
      const expected = decides ? heading : 'This page is for the staff';
      expect([role, harness.routeNativeElement?.querySelector('h1')?.textContent]).toEqual([role, expected]);
      expect(http.match(({ url }) => url === api)).toHaveLength(decides ? 1 : 0);
      TestBed.resetTestingModule();
    }
  });

  it.each<[string, string, string]>([
    ['/images', 'Images', '/api/images'],
    ['/images/new', 'Register an image', '/api/images/files'],
    ['/images/plans', 'Plans', '/api/plans'],
    ['/images/flavours', 'Flavours', '/api/flavours'],
    ['/images/gpus', 'GPUs', '/api/gpus'],
    ['/images/xrd', 'Image', '/api/images/xrd'],
  ])('shows %s to administrators, and to nobody else', async (address, heading, api) => {
    for (const role of ['USER', 'SUPPORT', 'STAFF', 'ADMIN'] as const) {
      const { user, ...rest } = session();
      const http = setUpPortal(routes);
      await signIn(http, { ...rest, user: user && { ...user, roles: [role] } });
      const harness = await RouterTestingHarness.create(address);
      const expected = role === 'ADMIN' ? heading : 'This page is for the staff';
      expect([role, harness.routeNativeElement?.querySelector('h1')?.textContent]).toEqual([role, expected]);
      expect(http.match(({ url }) => url === api)).toHaveLength(role === 'ADMIN' ? 1 : 0);
      TestBed.resetTestingModule();
    }
  });

  it('shows the software to everybody who is let in', async () => {
    const http = setUpPortal(routes);
    await signIn(http, session());
    const harness = await RouterTestingHarness.create('/software');
    expect(harness.routeNativeElement?.querySelector('h1')?.textContent).toBe('Software');
    expect(http.match(({ url }) => url === '/api/software')).toHaveLength(1);
  });
});

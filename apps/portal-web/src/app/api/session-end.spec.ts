import { HttpTestingController } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { Router } from '@angular/router';
import { setUpPortal, settle, signIn } from '../testing/portal';
import { session, signedOutSession } from '../testing/views';
import { NotFoundPage } from '../shell/not-found-page';
import { SessionEnd, SessionEnding } from './session-end';
import { SessionStore } from './session.store';

describe('SessionEnd', () => {
  let http: HttpTestingController;
  let router: Router;

  beforeEach(async () => {
    http = setUpPortal([{ path: '**', component: NotFoundPage }]);
    router = TestBed.inject(Router);
    await signIn(http);
    await router.navigateByUrl('/proposals?q=iron&page=2');
  });

  async function end(ending: SessionEnding, view = session()): Promise<void> {
    const done = TestBed.inject(SessionEnd).handle(ending);
    http.expectOne('/api/session').flush(view);
    await done;
  }

  it('goes to the sign-in with the way back when the session is over', async () => {
    await end('NOT_SIGNED_IN', signedOutSession);
    expect(router.parseUrl(router.url).queryParams).toEqual({
      returnTo: '/proposals?q=iron&page=2',
      error: 'SESSION_ENDED',
    });
    expect(router.url).toMatch(/^\/sign-in\?/);
    expect(TestBed.inject(SessionStore).signedIn()).toBe(false);
  });

  it('goes to the page that says whom to ask when the authorisation is gone', async () => {
    await end('NOT_AUTHORISED', session({ authorised: false }));
    expect(router.url).toBe('/not-authorised');
  });

  it('goes to new Conditions of Usage and keeps the way back', async () => {
    await end('CONDITIONS_NOT_ACCEPTED', session({ conditions: { version: '2', accepted: false } }));
    expect(router.url).toMatch(/^\/conditions\?returnTo=/);
  });

  it('counts several refusals at once as one', async () => {
    const sessionEnd = TestBed.inject(SessionEnd);
    const both = Promise.all([sessionEnd.handle('NOT_SIGNED_IN'), sessionEnd.handle('NOT_SIGNED_IN')]);
    http.expectOne('/api/session').flush(signedOutSession);
    await both;
    await settle();
    expect(router.parseUrl(router.url).queryParams['returnTo']).toBe('/proposals?q=iron&page=2');
  });
});

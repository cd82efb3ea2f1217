import { HttpTestingController } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { setUpPortal, signIn } from '../testing/portal';
import { session, signedOutSession } from '../testing/views';
import { SessionStore } from './session.store';

describe('SessionStore', () => {
  let http: HttpTestingController;
  let store: SessionStore;

  beforeEach(() => {
    http = setUpPortal();
    store = TestBed.inject(SessionStore);
  });

  it.each([
    ['nobody', signedOutSession, [false, false, false]],
    ['authenticated only', session({ authorised: false }), [true, false, false]],
    ['conditions open', session({ conditions: { version: '2', accepted: false } }), [true, true, false]],
    ['admitted', session(), [true, true, true]],
  ])('%s', async (_who, view, expected) => {
    await signIn(http, view);
    expect([store.signedIn(), store.authorised(), store.admitted()]).toEqual(expected);
  });

  it('keeps whoever waits until a retry succeeds', async () => {
    let known = false;
    void store.whenLoaded().then(() => (known = true));
    const failed = store.load();
    http.expectOne('/api/session').error(new ProgressEvent('error'));
    await failed;
    expect(store.error()?.code).toBe('OFFLINE');
    expect(known).toBe(false);
    await signIn(http);
    expect(store.error()).toBeUndefined();
    expect(known).toBe(true);
  });

  it('forgets the person and the token, not the providers', async () => {
    await signIn(http);
    store.forget();
    expect(store.user()).toBeNull();
    expect(store.admitted()).toBe(false);
    expect(store.csrfToken()).toBe('');
    expect(store.providers()).toHaveLength(1);
  });
});

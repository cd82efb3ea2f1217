import { HttpTestingController } from '@angular/common/http/testing';
import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Router } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import { setUpPortal, signIn } from '../testing/portal';
import { session, signedOutSession } from '../testing/views';
import { admitted, mayAccept, returnPath, signedIn, signedOut } from './guards';

@Component({ selector: 'bd-empty', template: '' })
class Empty {}

const unaccepted = session({ conditions: { version: '2', accepted: false } });

describe('guards', () => {
  let http: HttpTestingController;

  beforeEach(() => {
    http = setUpPortal([
      { path: '', pathMatch: 'full', component: Empty, canActivate: [signedOut] },
      { path: 'sign-in', component: Empty, canActivate: [signedOut] },
      { path: 'not-authorised', component: Empty, canActivate: [signedIn] },
      { path: 'conditions', component: Empty, canActivate: [mayAccept] },
      { path: 'proposals', component: Empty, canActivate: [admitted] },
      { path: 'resources', component: Empty, canActivate: [admitted] },
    ]);
  });

  it.each([
    ['nobody', signedOutSession, '/', '/'],
    ['nobody', signedOutSession, '/proposals?q=a', '/sign-in?returnTo=%2Fproposals%3Fq%3Da'],
    ['nobody', signedOutSession, '/conditions', '/sign-in?returnTo=%2Fconditions'],
    ['nobody', signedOutSession, '/not-authorised', '/'],
    ['not authorised', session({ authorised: false }), '/', '/not-authorised'],
    ['not authorised', session({ authorised: false }), '/proposals', '/not-authorised'],
    ['not authorised', session({ authorised: false }), '/conditions', '/not-authorised'],
    ['before the conditions', unaccepted, '/resources', '/conditions?returnTo=%2Fresources'],
    ['before the conditions', unaccepted, '/', '/conditions?returnTo=%2Fproposals'],
    ['admitted', session(), '/', '/proposals'],
    ['admitted', session(), '/sign-in?returnTo=/resources', '/resources'],
    ['admitted', session(), '/not-authorised', '/proposals'],
    ['admitted', session(), '/conditions', '/conditions'],
    ['admitted', session(), '/resources', '/resources'],
  ])('%s: %#', async (_who, view, asked, reached) => {
    await signIn(http, view);
    await RouterTestingHarness.create(asked);
    expect(TestBed.inject(Router).url).toBe(reached);
  });

  it('waits for the session instead of guessing', async () => {
    const harness = RouterTestingHarness.create('/proposals');
    await Promise.resolve();
    expect(TestBed.inject(Router).url).toBe('/');
    await signIn(http);
    await harness;
    expect(TestBed.inject(Router).url).toBe('/proposals');
  });
});

describe('returnPath', () => {
  it.each(['https://evil.example', '//evil.example', '/\\evil.example', 'evil', '', null])('refuses %p', (value) => {
    expect(returnPath(value)).toBe('/proposals');
  });

  it('keeps a path of this portal', () => {
    expect(returnPath('/desktop/1?x=2')).toBe('/desktop/1?x=2');
  });
});

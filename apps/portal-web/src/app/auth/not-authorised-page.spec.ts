import { HttpTestingController } from '@angular/common/http/testing';
import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { By } from '@angular/platform-browser';
import { Router } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import type { CatalogueSignInsView, OwnAuthorisationView } from '@beamdesk/contracts';
import { CatalogueSignInNotice } from '../proposals/catalogue-sign-in/catalogue-sign-in-notice';
import { FakeSocket } from '../testing/fake-socket';
import { refuse, setUpPortal, settle, signIn, words } from '../testing/portal';
import { ownAuthorisation, session } from '../testing/views';
import { NotAuthorisedPage } from './not-authorised-page';

@Component({ selector: 'bd-elsewhere', template: 'elsewhere' })
class Elsewhere {}

const REQUEST = '/api/authorisation/request';

describe('Not authorised', () => {
  let http: HttpTestingController;
  let harness: RouterTestingHarness;

  async function open(view?: OwnAuthorisationView, catalogues: CatalogueSignInsView['catalogues'] = []): Promise<void> {
    http = setUpPortal([
      { path: 'page', component: NotAuthorisedPage },
      { path: '**', component: Elsewhere },
    ]);
    await signIn(http, session({ authorised: false }));
    harness = await RouterTestingHarness.create('/page');
    http.expectOne('/api/catalogue-sessions').flush({ catalogues });
    if (view) await answer(view);
  }
  async function answer(view: OwnAuthorisationView): Promise<void> {
    http.expectOne('/api/authorisation').flush(view);
    await shown();
  }
  async function shown(): Promise<void> {
    await settle();
    await harness.fixture.whenStable();
  }
  const element = () => harness.routeNativeElement as HTMLElement;
  const text = () => words(element());
  const button = (name: string) =>
    [...element().querySelectorAll('button')].find((item) => item.textContent?.trim() === name);
  const field = (name: string) => element().querySelector<HTMLInputElement>(`[name=${name}]`);
  function fill(values: Record<string, string>): void {
    for (const [name, value] of Object.entries(values)) {
      const input = field(name);
      if (input) input.value = value;
    }
  }

  it('says so, whom to ask and which account to name', async () => {
    await open(ownAuthorisation());
    for (const said of ['not authorised', 'office@example.org', 'ada@example.org']) expect(text()).toContain(said);
  });

  it.each([
    [{ takenBack: true, by: 'Dana Moreau', reason: 'Left the team.' }, ['no longer authorised', 'taken back', 'by Dana Moreau', 'Left the team.']],
    [{ takenBack: false, by: null, reason: null }, ['Your access is over', 'It ended on']],
  ])('says why somebody who was let in no longer is', async (ended, said) => {
    await open({ ...ownAuthorisation(), ended: { role: 'USER', at: '2026-11-21T10:00:00.000Z', ...ended } });
    for (const part of said) expect(text()).toContain(part);
    expect(button('Send the request')).toBeDefined();
  });

  it('offers the sign-in to a catalogue that knows people by their own account there, and none that is done', async () => {
    const authenticators = [{ id: 'db', label: 'db', fields: [{ name: 'username', hidden: false }] }];
    await open(ownAuthorisation(), [
      { catalogue: 'icat', signedInAs: null, authenticators },
      { catalogue: 'other', signedInAs: 'db/ada', authenticators },
    ]);
    expect(button('Sign in to icat')).toBeDefined();
    expect(button('Sign in to other')).toBeUndefined();
    harness.fixture.debugElement.query(By.directive(CatalogueSignInNotice)).triggerEventHandler('signedIn', undefined);
    http.expectOne({ method: 'POST', url: '/api/authorisation/check' }).flush(ownAuthorisation());
    http.expectOne('/api/catalogue-sessions').flush({ catalogues: [{ catalogue: 'icat', signedInAs: 'db/ada', authenticators }] });
    await settle();
    http.expectOne('/api/session').flush(session({ authorised: true }));
    await shown();
    expect(TestBed.inject(Router).url).toBe('/proposals');
  });

  it('offers Retry where the state cannot be had, and still says whom to ask', async () => {
    await open();
    refuse(http.expectOne('/api/authorisation'), 500, 'INTERNAL', 'Broken.');
    await shown();
    expect(element().querySelector('[role=alert]')?.textContent).toContain('Broken.');
    expect(text()).toContain('office@example.org');
    button('Try again')?.click();
    await answer(ownAuthorisation());
    expect(button('Send the request')).toBeDefined();
  });

  it('sends who, why and for what, and shows that it is with the staff', async () => {
    await open(ownAuthorisation());
    fill({
      affiliation: ' Lund University ',
      reason: 'I am to measure with Ada in March.',
      proposal: '',
      beamline: 'bm18',
    });
    button('Send the request')?.click();
    const sent = http.expectOne({ method: 'PUT', url: REQUEST });
    expect(sent.request.body).toEqual({
      affiliation: 'Lund University',
      reason: 'I am to measure with Ada in March.',
      proposal: null,
      beamline: 'bm18',
    });
    sent.flush(ownAuthorisation({}));
    await shown();
    expect(text()).toContain('Your request is with the staff');
    expect(button('Send the request')).toBeUndefined();
  });

  it('says at the field what is lacking, goes there, and sends nothing', async () => {
    await open(ownAuthorisation());
    fill({ affiliation: 'Lund', reason: 'please' });
    button('Send the request')?.click();
    await shown();
    http.expectNone(REQUEST);
    expect(field('reason')?.getAttribute('aria-invalid')).toBe('true');
    expect(field('affiliation')?.getAttribute('aria-invalid')).toBe('false');
    expect(document.activeElement).toBe(field('reason'));
    expect(text()).toContain('Say in a sentence what you need the portal for.');
  });

  it('keeps what was written when it is refused', async () => {
    await open(ownAuthorisation());
    fill({ affiliation: 'Lund', reason: 'I am to measure with Ada in March.' });
    button('Send the request')?.click();
    refuse(http.expectOne(REQUEST), 429, 'TOO_MANY_REQUESTS', 'Wait a minute.');
    await shown();
    expect(text()).toContain('Wait a minute.');
    expect(field('reason')?.value).toBe('I am to measure with Ada in March.');
    expect(button('Send the request')?.disabled).toBe(false);
  });

  it('changes and withdraws a request while nobody has decided', async () => {
    await open(ownAuthorisation({}));
    button('Change it')?.click();
    await shown();
    expect([field('affiliation')?.value, field('beamline')?.value]).toEqual(['Lund University', 'id11']);
    fill({ affiliation: 'ILL' });
    button('Send the request')?.click();
    const changed = http.expectOne({ method: 'PUT', url: REQUEST });
    expect(changed.request.body).toMatchObject({ affiliation: 'ILL', proposal: '20260301' });
    changed.flush(ownAuthorisation({ affiliation: 'ILL' }));
    await shown();
    button('Withdraw it')?.click();
    http.expectOne({ method: 'DELETE', url: REQUEST }).flush(ownAuthorisation({ state: 'withdrawn' }));
    await shown();
    expect(text()).toContain('Ask to be authorised');
  });

  it('shows the words of a refusal, and the form again', async () => {
    await open(ownAuthorisation({ state: 'refused', answer: 'Please ask your principal investigator first.' }));
    expect(text()).toContain('Please ask your principal investigator first.');
    expect(button('Send the request')).toBeDefined();
  });

  it('changes by push: a refusal is shown, a grant leads on', async () => {
    await open(ownAuthorisation({}));
    expect(FakeSocket.last.url).toBe('ws://localhost/api/events?about=authorisation');
    FakeSocket.last.send({ type: 'authorisation' });
    http.expectOne('/api/session').flush(session({ authorised: false }));
    await settle();
    await answer(ownAuthorisation({ state: 'refused', answer: 'No.' }));
    expect(text()).toContain('Your request was refused');
    FakeSocket.last.send({ type: 'ping' });
    http.expectNone('/api/session');
    FakeSocket.last.send({ type: 'authorisation' });
    http.expectOne('/api/session').flush(session());
    await shown();
    expect(TestBed.inject(Router).url).toBe('/proposals');
    expect(FakeSocket.last.closed).toBe(true);
  });

  it('listens again after the connection was lost', async () => {
    await open(ownAuthorisation({}));
    jest.useFakeTimers();
    FakeSocket.last.drop();
    jest.advanceTimersByTime(500);
    jest.useRealTimers();
    expect(FakeSocket.opened).toHaveLength(2);
  });

  it('has the catalogues asked again, and goes on when they know the account', async () => {
    await open(ownAuthorisation());
    button('Look again')?.click();
    http.expectOne({ method: 'POST', url: '/api/authorisation/check' }).flush(ownAuthorisation());
    await settle();
    http.expectOne('/api/session').flush(session({ authorised: false }));
    await shown();
    expect(TestBed.inject(Router).url).toBe('/page');
    button('Look again')?.click();
    http.expectOne('/api/authorisation/check').flush(ownAuthorisation());
    await settle();
    http.expectOne('/api/session').flush(session());
    await shown();
    expect(TestBed.inject(Router).url).toBe('/proposals');
  });
});

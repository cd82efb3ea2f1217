import { HttpTestingController, TestRequest } from '@angular/common/http/testing';
import { signal } from '@angular/core';
import { ComponentFixture, TestBed } from '@angular/core/testing';
import type { RequestForStaff, RequestsPage as Page } from '@beamdesk/contracts';
import { Clock } from '../api/clock';
import { refuse, setUpPortal, settle, signIn, timers, words } from '../testing/portal';
import { requestForStaff, requestsPage, session } from '../testing/views';
import { RequestsPage } from './requests-page';

const DECISION = '/api/authorisation-requests/44444444-4444-4444-8444-444444444444/decision';

describe('RequestsPage', () => {
  let http: HttpTestingController;
  let fixture: ComponentFixture<RequestsPage>;
  const now = signal(Date.parse('2026-11-21T12:00:00.000Z'));

  async function open(): Promise<void> {
    http = setUpPortal([], [{ provide: Clock, useValue: { now } }]);
    const { user, ...rest } = session();
    await signIn(http, { ...rest, user: user && { ...user, roles: ['STAFF'] } });
    fixture = TestBed.createComponent(RequestsPage);
    await fixture.whenStable();
  }
  const asked = (state: string): TestRequest =>
    http.expectOne(({ url, params }) => url === '/api/authorisation-requests' && params.get('state') === state);
  async function show(items: RequestForStaff[], change: Partial<Page> = {}): Promise<void> {
    await open();
    asked('open').flush(requestsPage(items, change));
    await fixture.whenStable();
  }
  const text = () => words(fixture.nativeElement);
  const dialog = () => document.querySelector('mat-dialog-container');
  const field = <T extends HTMLElement>(name: string) => dialog()?.querySelector<T>(`[name="${name}"]`) as T;

  async function press(name: string, inside: Element | null = fixture.nativeElement): Promise<void> {
    const buttons = [...(inside?.querySelectorAll('button') ?? [])];
    buttons.find((one) => (one.getAttribute('aria-label') ?? one.textContent?.trim()) === name)?.click();
    await timers();
    await settle();
    await fixture.whenStable();
  }
  async function set(name: string, value: string | boolean): Promise<void> {
    const input = field<HTMLInputElement>(name);
    if (typeof value === 'boolean') input.checked = value;
    else input.value = value;
    for (const type of ['input', 'change']) input.dispatchEvent(new Event(type));
    await settle();
  }

  it('says who asks, by which login, why and for what', async () => {
    await show([requestForStaff()]);
    for (const said of [
      'One person waits',
      'Eve Novak',
      'Lund University',
      'I am to measure',
      '20260301',
      'ID11',
      'eve-1',
    ]) {
      expect(text()).toContain(said);
    }
    expect(text()).toContain('Mail, as the login says eve@example.org');
  });

  it('says when nobody waits, and when it does not know', async () => {
    await show([]);
    expect(text()).toContain('Nobody waits for a decision.');
    TestBed.resetTestingModule();
    await open();
    refuse(asked('open'), 500, 'INTERNAL', 'Broken.');
    await fixture.whenStable();
    expect(fixture.nativeElement.querySelector('[role=alert]').textContent).toContain('Broken.');
    expect(text()).not.toContain('Nobody');
    await press('Try again');
    asked('open').flush(requestsPage([requestForStaff()]));
    await fixture.whenStable();
    expect(text()).toContain('Eve Novak');
  });

  it('lets somebody in for a year unless told otherwise, and reads the list again', async () => {
    await show([requestForStaff()]);
    await press('Let in Eve Novak');
    expect(field<HTMLInputElement>('until').value).toBe('2027-11-21');
    expect(dialog()?.querySelector('fieldset')).toBeNull();
    await press('Let in', dialog());
    const sent = http.expectOne({ method: 'POST', url: DECISION });
    const until = new Date('2027-11-21T23:59:59').toISOString();
    expect(sent.request.body).toEqual({ decision: 'grant', role: 'USER', until, beamlines: null, text: null });
    sent.flush(null);
    await settle();
    await timers();
    asked('open').flush(requestsPage([]));
    await fixture.whenStable();
    expect(dialog()).toBeNull();
    expect(text()).toContain('Nobody waits for a decision.');
  });

  it('makes staff of some beamlines, without an end, with a word', async () => {
    await show([requestForStaff()], { roles: ['USER', 'STAFF', 'SUPPORT', 'ADMIN'] });
    await press('Let in Eve Novak');
    await set('role', 'STAFF');
    await set('beamline-id11', true);
    await set('endless', true);
    field<HTMLTextAreaElement>('text').value = ' Welcome. ';
    await press('Let in', dialog());
    expect(http.expectOne(DECISION).request.body).toEqual({
      ...{ decision: 'grant', role: 'STAFF', until: null, beamlines: ['id11'], text: 'Welcome.' },
    });
  });

  it.each(['2026-11-20', ''])('takes no end of %p', async (day) => {
    await show([requestForStaff()]);
    await press('Let in Eve Novak');
    await set('until', day);
    await press('Let in', dialog());
    http.expectNone(DECISION);
    expect(words(dialog())).toContain('Choose a day in the future.');
  });

  it('refuses with a text, and with nothing less', async () => {
    await show([requestForStaff()]);
    await press('Refuse Eve Novak');
    await press('Refuse', dialog());
    http.expectNone(DECISION);
    expect(words(dialog())).toContain('Say why');
    field<HTMLTextAreaElement>('text').value = 'Ask your principal investigator first.';
    await press('Refuse', dialog());
    expect(http.expectOne(DECISION).request.body).toEqual({
      decision: 'refuse',
      text: 'Ask your principal investigator first.',
    });
  });

  it('keeps what was written when the decision does not arrive', async () => {
    await show([requestForStaff()]);
    await press('Refuse Eve Novak');
    field<HTMLTextAreaElement>('text').value = 'Because.';
    await press('Refuse', dialog());
    refuse(http.expectOne(DECISION), 500, 'INTERNAL', 'Broken.');
    await settle();
    expect(words(dialog())).toContain('Broken.');
    expect(field<HTMLTextAreaElement>('text').value).toBe('Because.');
    await press('Cancel', dialog());
    expect(dialog()).toBeNull();
    http.expectNone(({ url }) => url === '/api/authorisation-requests');
  });

  it('says when somebody was quicker, and reads the list again', async () => {
    await show([requestForStaff()]);
    await press('Let in Eve Novak');
    await press('Let in', dialog());
    refuse(http.expectOne(DECISION), 409, 'ALREADY_DECIDED', 'Somebody was quicker.');
    await settle();
    expect(words(dialog())).toContain('Somebody was quicker.');
    await press('Close', dialog());
    asked('open').flush(requestsPage([]));
    await fixture.whenStable();
    expect(text()).toContain('Nobody waits for a decision.');
  });

  it('shows what was decided, by whom and with which words', async () => {
    await show([]);
    await press('Decided');
    expect(text()).not.toContain('Nothing was decided yet.');
    const decided = {
      state: 'refused' as const,
      decidedBy: 'Dana Moreau',
      decidedAt: '2026-11-21T11:00:00.000Z',
      answer: 'No beamtime.',
    };
    asked('decided').flush(requestsPage([requestForStaff(decided)]));
    await fixture.whenStable();
    for (const said of ['Refused', 'Dana Moreau', 'No beamtime.']) expect(text()).toContain(said);
    expect(text()).not.toContain('Let in …');
  });
});

import { HttpTestingController, TestRequest } from '@angular/common/http/testing';
import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { PeoplePage as Page, PersonForStaff } from '@beamdesk/contracts';
import { Clock } from '../api/clock';
import { PageBed } from '../testing/page-bed';
import { heldRole, peoplePage, personForStaff } from '../testing/people-views';
import { refuse, setUpPortal, signIn, words } from '../testing/portal';
import { session } from '../testing/views';
import { PeoplePage } from './people-page';

const ROLE = '/api/authorisations/66666666-6666-4666-8666-666666666666';
const PERSON = '/api/people/55555555-5555-4555-8555-555555555555';

describe('PeoplePage', () => {
  let http: HttpTestingController;
  let bed: PageBed;
  const now = signal(Date.parse('2026-11-21T12:00:00.000Z'));
  const asked = (): TestRequest => http.expectOne(({ url }) => url === '/api/people');
  const text = () => words(bed.page);

  async function open(): Promise<void> {
    http = setUpPortal([], [{ provide: Clock, useValue: { now } }]);
    await signIn(http, session());
    const fixture = TestBed.createComponent(PeoplePage);
    bed = new PageBed(fixture);
    await bed.rest();
  }
  async function show(items: PersonForStaff[], change: Partial<Page> = {}): Promise<void> {
    await open();
    asked().flush(peoplePage(items, change));
    await bed.rest();
  }

  it('says who is let in, by whom, since when and until when', async () => {
    await show([personForStaff([heldRole({ role: 'STAFF', beamlines: ['id11'] })])]);
    for (const said of ['One person.', 'Eve Novak', 'eve@example.org', 'Staff of ID11', 'Let in by Dana Moreau', 'eve-1']) {
      expect(text()).toContain(said);
    }
    expect(text()).toMatch(/until (Mar 1|1 Mar\w*|Mar 1,) ?,? ?2027/);
  });

  it.each([
    [heldRole({ source: 'catalogue', by: null, reason: "has proposals in the catalogue 'icat'" }), "By the catalogue on", "'icat'"],
    [heldRole({ source: 'invitation' }), 'Invited by Dana Moreau', 'Measures with us.'],
    [heldRole({ by: null, reason: 'granted on the command line' }), 'By the operators', 'granted on the command line'],
    [heldRole({ until: null }), 'without an end', 'User'],
  ])('tells what a role rests on', async (role, ...said) => {
    await show([personForStaff([role])]);
    for (const part of said) expect(text()).toContain(part);
  });

  it('shows roles that are over as such, with nothing to press', async () => {
    const over = { mayChange: false, mayEnd: false, until: '2026-10-01T10:00:00.000Z' };
    await show([
      personForStaff([
        heldRole({ ...over, id: 'a', state: 'ended' }),
        heldRole({ ...over, id: 'b', state: 'taken-back', endedBy: 'Farid Haddad', endReason: 'Shared the login.' }),
      ]),
    ]);
    expect(text()).toMatch(/ended on .*2026/);
    expect(text()).toMatch(/taken back on .*2026/);
    expect(text()).toContain('Ended by Farid Haddad: Shared the login.');
    expect(bed.page.querySelectorAll('.acts')).toHaveLength(0);
  });

  it('asks for what is searched and shown, from the first page on, and turns pages', async () => {
    await show([personForStaff()], { total: 41 });
    await bed.press('Next');
    const next = asked();
    expect(next.request.params.get('offset')).toBe('20');
    next.flush(peoplePage([personForStaff()], { total: 41 }));
    await bed.rest();
    expect(text()).toContain('21–21 of 41 people.');
    await bed.set('search', ' eve ');
    await bed.press('Search');
    const found = asked().request.params;
    expect([found.get('search'), found.get('offset'), found.get('show')]).toEqual(['eve', '0', 'authorised']);
    await bed.press('No longer');
    const ended = asked().request.params;
    expect([ended.get('search'), ended.get('offset'), ended.get('show')]).toEqual(['eve', '0', 'ended']);
  });

  it('grants a role for a year, with a reason and not without', async () => {
    await show([personForStaff([])]);
    expect(text()).toContain('No role, and never had one.');
    await bed.press('Grant a role to Eve Novak');
    await bed.press('Grant', bed.dialog);
    http.expectNone(`${PERSON}/roles`);
    expect(words(bed.dialog)).toContain('Say why');
    await bed.set('reason', ' Joins us. ');
    await bed.press('Grant', bed.dialog);
    const sent = http.expectOne({ method: 'POST', url: `${PERSON}/roles` });
    const until = new Date('2027-11-21T23:59:59').toISOString();
    expect(sent.request.body).toEqual({ role: 'USER', until, beamlines: null, reason: 'Joins us.' });
    sent.flush(null);
    await bed.rest();
    expect(bed.dialog).toBeNull();
    asked().flush(peoplePage([personForStaff()]));
  });

  it('changes the end, beginning with what stands', async () => {
    await show([personForStaff([heldRole({ role: 'STAFF', beamlines: ['id11'], until: '2027-03-01T12:00:00.000Z' })])]);
    await bed.press('Change Staff of Eve Novak');
    expect(bed.dialog?.querySelector<HTMLInputElement>('[name=until]')?.value).toBe('2027-03-01');
    expect(bed.dialog?.querySelector<HTMLInputElement>('[name=beamline-id11]')?.checked).toBe(true);
    await bed.set('endless', true);
    await bed.set('reason', 'Stays on.');
    await bed.press('Change', bed.dialog);
    const sent = http.expectOne({ method: 'PUT', url: ROLE });
    expect(sent.request.body).toEqual({ until: null, beamlines: ['id11'], reason: 'Stays on.' });
  });

  it('takes back with a reason, after saying what follows', async () => {
    await show([personForStaff()]);
    await bed.press('Take back User of Eve Novak');
    expect(words(bed.dialog)).toContain('Nothing else lets Eve Novak in');
    await bed.set('reason', 'Left the team.');
    await bed.press('Take back', bed.dialog);
    const sent = http.expectOne({ method: 'POST', url: `${ROLE}/end` });
    expect(sent.request.body).toEqual({ reason: 'Left the team.' });
    refuse(sent, 409, 'LAST_ADMINISTRATOR', 'Nobody else would be one.');
    await bed.rest();
    expect(words(bed.dialog)).toContain('Nobody else would be one.');
    await bed.press('Take back', bed.dialog);
    refuse(http.expectOne(`${ROLE}/end`), 404, 'NOT_FOUND', 'Gone.');
    await bed.rest();
    await bed.press('Close', bed.dialog);
    asked();
  });

  it('offers nothing for oneself', async () => {
    await show([personForStaff([heldRole({ mayChange: false, mayEnd: false })], { mayGrant: false })]);
    expect(text()).toContain('you');
    expect(bed.page.querySelector('li button')).toBeNull();
  });

  it('tells the history of somebody once it is opened, and what is older when asked', async () => {
    await show([personForStaff()]);
    const details = bed.page.querySelector<HTMLDetailsElement>('bd-person-history details');
    if (!details) throw new Error('no history');
    http.expectNone(`${PERSON}/history`);
    details.open = true;
    await bed.rest();
    const [eve, dana] = [{ id: 'e', name: 'Eve Novak' }, { id: 'd', name: 'Dana Moreau' }];
    const entry = (id: string, kind: string, actor: object | null, detail: object) => ({
      ...{ id, kind, actor, subject: eve, details: detail, at: '2026-11-20T10:00:00.000Z' },
    });
    http.expectOne(`${PERSON}/history`).flush({
      items: [entry('9', 'role-granted', dana, { role: 'USER', until: '2027-03-01T12:00:00.000Z' })],
      next: '9',
    });
    await bed.rest();
    expect(words(details)).toMatch(/Role granted: User by Dana Moreau until .*2027/);
    await bed.press('Earlier');
    http.expectOne(`${PERSON}/history?before=9`).flush({ items: [entry('8', 'sign-in', eve, { subject: 'eve-1' })], next: null });
    await bed.rest();
    expect(words(details)).toMatch(/Role granted.*Signed in as eve-1/);
    expect(words(details)).not.toContain('Earlier');
  });

  it('says when nobody is found, and when it does not know', async () => {
    await show([]);
    expect(text()).toContain('Nobody is authorised.');
    TestBed.resetTestingModule();
    await open();
    refuse(asked(), 500, 'INTERNAL', 'Broken.');
    await bed.rest();
    expect(bed.page.querySelector('[role=alert]')?.textContent).toContain('Broken.');
    expect(text()).not.toContain('Nobody');
  });
});

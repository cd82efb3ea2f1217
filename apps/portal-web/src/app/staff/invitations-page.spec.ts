import { HttpTestingController, TestRequest } from '@angular/common/http/testing';
import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { InvitationView } from '@beamdesk/contracts';
import { Clock } from '../api/clock';
import { PageBed } from '../testing/page-bed';
import { invitationsPage, invitationView } from '../testing/people-views';
import { refuse, setUpPortal, signIn, words } from '../testing/portal';
import { session } from '../testing/views';
import { InvitationsPage } from './invitations-page';

const LINK = 'https://portal.example/invitation#abcdefghijklmnopqrstuvwxyz012345';

describe('InvitationsPage', () => {
  let http: HttpTestingController;
  let bed: PageBed;
  const now = signal(Date.parse('2026-11-21T12:00:00.000Z'));
  const asked = (state: string): TestRequest =>
    http.expectOne(({ url, method, params }) => url === '/api/invitations' && method === 'GET' && params.get('state') === state);
  const make = (): TestRequest => http.expectOne({ method: 'POST', url: '/api/invitations' });
  const text = () => words(bed.page);
  const endOf = (day: string) => new Date(`${day}T23:59:59`).toISOString();

  async function show(items: InvitationView[], change: { mail?: boolean } = {}): Promise<void> {
    http = setUpPortal([], [{ provide: Clock, useValue: { now } }]);
    await signIn(http, session());
    bed = new PageBed(TestBed.createComponent(InvitationsPage));
    await bed.rest();
    asked('open').flush(invitationsPage(items, change));
    await bed.rest();
  }
  async function fill(): Promise<void> {
    await bed.press('Invite somebody …');
    await bed.set('name', ' Eve Novak ');
    await bed.set('reason', 'Measures with us.');
  }

  it('says who is invited to what, until when, and by whom', async () => {
    await show([invitationView({ role: 'STAFF', beamlines: ['id11'] })]);
    for (const said of ['One invitation is open.', 'Eve Novak', 'Staff of ID11', 'until it is taken back', 'by Dana Moreau']) {
      expect(text()).toContain(said);
    }
  });

  it('sends the link by mail where the portal can and somebody ticks it, to an address', async () => {
    await show([], { mail: true });
    await fill();
    expect(bed.dialog?.querySelector('label:has([name=byMail])')?.hasAttribute('hidden')).toBe(false);
    await bed.set('byMail', true);
    await bed.press('Make the link', bed.dialog);
    expect(words(bed.dialog)).toContain('Say to which address the link goes.');
    await bed.set('email', 'eve@example.org');
    await bed.press('Make the link', bed.dialog);
    const sent = make();
    expect(sent.request.body).toMatchObject({ email: 'eve@example.org', byMail: true });
    sent.flush({ invitation: invitationView({ email: 'eve@example.org' }), link: LINK, mailed: true });
    await bed.rest();
    expect(words(bed.dialog)).toContain('This link is on its way to eve@example.org.');
    await bed.press('Done', bed.dialog);
  });

  it('makes one for two weeks, and shows its link once, with how it gets to the person', async () => {
    await show([]);
    await fill();
    await bed.press('Make the link', bed.dialog);
    const sent = make();
    expect(sent.request.body).toEqual({
      ...{ name: 'Eve Novak', email: null, byMail: false, role: 'USER', beamlines: null, reason: 'Measures with us.' },
      ...{ until: endOf('2027-11-21'), redeemBy: endOf('2026-12-05') },
    });
    sent.flush({ invitation: invitationView(), link: LINK, mailed: false });
    await bed.rest();
    expect(bed.dialog?.querySelector<HTMLInputElement>('[name=link]')?.value).toBe(LINK);
    expect(words(bed.dialog)).toContain('the portal sends no mail');
    const copied: string[] = [];
    Object.defineProperty(navigator, 'clipboard', {
      configurable: true,
      value: { writeText: (what: string) => Promise.resolve(void copied.push(what)) },
    });
    await bed.press('Copy the link', bed.dialog);
    expect([copied, words(bed.dialog)]).toEqual([[LINK], expect.stringContaining('Copied.')]);
    bed.dialog?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
    await bed.rest();
    expect(bed.dialog).not.toBeNull();
    bed.dialog?.querySelector<HTMLFormElement>('form')?.dispatchEvent(new Event('submit'));
    await bed.rest();
    expect(bed.dialog).toBeNull();
    asked('open').flush(invitationsPage([invitationView()]));
    await bed.rest();
    expect(document.body.innerHTML).not.toContain(LINK);
  });

  it('says so where the browser does not let it copy', async () => {
    await show([]);
    await fill();
    await bed.press('Make the link', bed.dialog);
    make().flush({ invitation: invitationView(), link: LINK, mailed: false });
    await bed.rest();
    Object.defineProperty(navigator, 'clipboard', {
      configurable: true,
      value: { writeText: () => Promise.reject(new Error('not allowed')) },
    });
    await bed.press('Copy the link', bed.dialog);
    expect(words(bed.dialog)).toContain('Copy it by hand');
  });

  it.each([
    ['name', ' ', 'Say for whom it is.'],
    ['reason', 'x', 'Say why'],
    ['redeemBy', '2026-11-20', 'a day in the next 90 days'],
    ['redeemBy', '2027-03-01', 'a day in the next 90 days'],
    ['until', '2026-11-25', 'The role would end before'],
  ])('asks for a %s that is not %j', async (field, value, said) => {
    await show([]);
    await fill();
    await bed.set(field, value);
    await bed.press('Make the link', bed.dialog);
    http.expectNone({ method: 'POST', url: '/api/invitations' });
    expect(words(bed.dialog)).toContain(said);
  });

  it('keeps what was written when it does not arrive', async () => {
    await show([]);
    await fill();
    await bed.press('Make the link', bed.dialog);
    refuse(make(), 500, 'INTERNAL', 'Broken.');
    await bed.rest();
    expect(words(bed.dialog)).toContain('Broken.');
    expect(bed.dialog?.querySelector<HTMLInputElement>('[name=name]')?.value).toBe(' Eve Novak ');
  });

  it('withdraws after a question', async () => {
    await show([invitationView()]);
    await bed.press('Withdraw the invitation of Eve Novak');
    await bed.press('Keep it', bed.dialog);
    http.expectNone({ method: 'DELETE', url: `/api/invitations/${invitationView().id}` });
    await bed.press('Withdraw the invitation of Eve Novak');
    await bed.press('Withdraw', bed.dialog);
    http.expectOne({ method: 'DELETE', url: `/api/invitations/${invitationView().id}` }).flush(null);
    await bed.rest();
    asked('open').flush(invitationsPage([]));
    await bed.rest();
    expect(text()).toContain('No invitation is open.');
  });

  it('shows what came of the others', async () => {
    await show([]);
    await bed.press('Closed');
    const endedAt = '2026-11-21T11:00:00.000Z';
    asked('closed').flush(
      invitationsPage([
        invitationView({ id: 'a', state: 'used', endedAt, endedBy: 'Eve Novak' }),
        invitationView({ id: 'b', state: 'expired' }),
        invitationView({ id: 'c', state: 'withdrawn', endedAt, endedBy: 'Farid Haddad' }),
        invitationView({ id: 'd', state: 'lapsed' }),
      ]),
    );
    await bed.rest();
    for (const said of ['accepted', 'by Eve Novak', 'not accepted in time', 'withdrawn', 'by Farid Haddad', 'counts no longer']) {
      expect(text()).toContain(said);
    }
    expect(bed.page.querySelector('.actions')).toBeNull();
  });
});

import { HttpTestingController } from '@angular/common/http/testing';
import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { KeptAnnouncementView } from '@beamdesk/contracts';
import { Clock } from '../../api/clock';
import { PageBed } from '../../testing/page-bed';
import { refuse, setUpPortal, signIn, words } from '../../testing/portal';
import { session } from '../../testing/views';
import { AnnouncementsPage } from './announcements-page';

const ID = '77777777-7777-4777-8777-777777777777';
const kept = (change: Partial<KeptAnnouncementView> = {}): KeptAnnouncementView => ({
  ...{ id: ID, kind: 'maintenance', state: 'shown', text: 'New disks.', madeBy: 'Farid Haddad' },
  ...{ startsAt: '2026-11-21T10:00:00.000Z', endsAt: null },
  ...{ shownFrom: '2026-11-20T10:00:00.000Z', madeAt: '2026-11-19T10:00:00.000Z' },
  ...change,
});

describe('AnnouncementsPage', () => {
  let http: HttpTestingController;
  let bed: PageBed;
  const list = () => http.expectOne((request) => request.url === '/api/announcements' && request.method === 'GET');
  const text = () => words(bed.page);

  beforeEach(async () => {
    http = setUpPortal([], [{ provide: Clock, useValue: { now: signal(Date.parse('2026-11-21T12:00:00.000Z')) } }]);
    await signIn(http, session());
    bed = new PageBed(TestBed.createComponent(AnnouncementsPage));
    await bed.rest();
  });

  const show = async (items: KeptAnnouncementView[]) => {
    list().flush({ items });
    await bed.rest();
  };

  it('says what is shown, by whom, from when and until when; what is over has nothing to press', async () => {
    await show([kept(), kept({ id: 'b', kind: 'info', state: 'over', text: 'Beam is back.', madeBy: null })]);
    for (const said of ['One is shown', 'no new desktops', 'shown now', 'New disks.', 'by Farid Haddad', 'it is ended', 'over']) {
      expect(text()).toContain(said);
    }
    expect(text()).toContain('by somebody whose account is gone');
    expect(bed.page.querySelectorAll('.actions')).toHaveLength(1);
  });

  it('announces what is filled in, and says what is lacking before', async () => {
    await show([]);
    expect(text()).toContain('Nothing is shown');
    await bed.press('Announce something …');
    await bed.set('kind', 'maintenance');
    expect(words(bed.dialog)).toContain('nobody but administrators');
    await bed.press('Announce', bed.dialog);
    expect(words(bed.dialog)).toContain('Say what people should know.');
    await bed.set('text', 'New disks.');
    await bed.press('Announce', bed.dialog);
    const made = http.expectOne({ url: '/api/announcements', method: 'POST' });
    expect(made.request.body).toMatchObject({ kind: 'maintenance', text: 'New disks.', endsAt: null });
    made.flush(kept());
    await bed.rest();
    await show([kept()]);
    expect(text()).toContain('New disks.');
  });

  it('changes one, and keeps what was written when the portal refuses', async () => {
    await show([kept()]);
    await bed.press('Change: New disks.');
    await bed.set('text', 'Newer disks.');
    await bed.press('Change', bed.dialog);
    refuse(http.expectOne({ url: `/api/announcements/${ID}`, method: 'PUT' }), 409, 'ANNOUNCEMENT_OVER', 'It is over.');
    await bed.rest();
    expect(words(bed.dialog)).toContain('It is over.');
    expect(bed.dialog?.querySelector('textarea')?.value).toBe('Newer disks.');
    await bed.press('Cancel', bed.dialog);
  });

  it('ends one after a question', async () => {
    await show([kept()]);
    await bed.press('End now: New disks.');
    expect(words(bed.dialog)).toContain('can be started again');
    await bed.press('End it', bed.dialog);
    http.expectOne({ url: `/api/announcements/${ID}`, method: 'DELETE' }).flush(null);
    await bed.rest();
    await show([kept({ state: 'over' })]);
    expect(text()).toContain('Nothing is shown');
  });

  it('says why it shows none', async () => {
    refuse(list(), 500, 'INTERNAL', 'The portal failed.');
    await bed.rest();
    expect(text()).toContain('The portal failed.');
  });
});

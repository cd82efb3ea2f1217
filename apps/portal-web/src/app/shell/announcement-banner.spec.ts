import { HttpTestingController } from '@angular/common/http/testing';
import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { AnnouncementView } from '@beamdesk/contracts';
import { AnnouncementsStore } from '../api/announcements.store';
import { Clock } from '../api/clock';
import { PageBed } from '../testing/page-bed';
import { pushSnapshot, setUpPortal, signIn, words } from '../testing/portal';
import { session } from '../testing/views';
import { AnnouncementBanner } from './announcement-banner';

const NOW = Date.parse('2026-11-21T12:00:00.000Z');
const one = (change: Partial<AnnouncementView> = {}): AnnouncementView => ({
  ...{ id: 'a', kind: 'info', text: 'Beam is back.', startsAt: '2026-11-21T10:00:00.000Z', endsAt: null },
  ...change,
});

describe('AnnouncementBanner', () => {
  let http: HttpTestingController;
  let bed: PageBed;
  const asked = () => http.expectOne('/api/announcements/current');
  const text = () => words(bed.page);

  beforeEach(async () => {
    http = setUpPortal([], [{ provide: Clock, useValue: { now: signal(NOW) } }]);
    TestBed.inject(AnnouncementsStore).start();
    bed = new PageBed(TestBed.createComponent(AnnouncementBanner));
    await bed.rest();
  });

  const show = async (...items: AnnouncementView[]) => {
    asked().flush({ items, changesAt: null });
    await bed.rest();
  };

  it('shows nothing where nothing is announced, or nobody answers', async () => {
    asked().flush(null, { status: 502, statusText: 'Bad Gateway' });
    await bed.rest();
    expect(text()).toBe('');
  });

  it('says of maintenance whether it lasts or is ahead', async () => {
    const ahead = { kind: 'maintenance', startsAt: '2026-11-22T10:00:00.000Z', endsAt: '2026-11-22T12:00:00.000Z' } as const;
    await show(one({ kind: 'maintenance', text: 'New disks.' }), one({ ...ahead, id: 'b', text: 'New network.' }));
    expect(text()).toMatch(/Maintenance · no new desktops, those that run go on · New disks\./);
    expect(text()).toMatch(/Maintenance ahead from .* until .* · no new desktops, .* · New network\./);
    expect(TestBed.inject(AnnouncementsStore).maintenance()?.text).toBe('New disks.');
  });

  it('lets go of what is only worth knowing, until it changes', async () => {
    await show(one(), one({ id: 'w', kind: 'warning', text: 'Slow network.' }));
    await bed.press('Put away: Beam is back.');
    expect(text()).toBe('Slow network.');
    void TestBed.inject(AnnouncementsStore).load();
    await show(one({ text: 'Beam is back at 200 mA.' }));
    expect(text()).toBe('Beam is back at 200 mA.');
  });

  it('asks again when the portal says that something changed', async () => {
    await show();
    await signIn(http, session());
    const socket = await pushSnapshot();
    await show();
    socket.send({ type: 'announcements' });
    await show(one());
    expect(text()).toBe('Beam is back.');
  });
});

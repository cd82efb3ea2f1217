import { HttpTestingController } from '@angular/common/http/testing';
import { signal } from '@angular/core';
import { ComponentFixture, TestBed } from '@angular/core/testing';
import type { InstanceView } from '@beamdesk/contracts';
import { Clock } from '../api/clock';
import { FakeSocket } from '../testing/fake-socket';
import { pushSnapshot, refuse, setUpPortal, settle, signIn, words, timers } from '../testing/portal';
import { instance, needs, nothing, plan } from '../testing/views';
import { Toasts } from '../shell/toasts.store';
import { ResourcesPage } from './resources-page';

describe('ResourcesPage', () => {
  let http: HttpTestingController;
  let fixture: ComponentFixture<ResourcesPage>;
  const now = signal(Date.parse('2026-11-21T10:10:00.000Z'));

  beforeEach(async () => {
    http = setUpPortal([], [{ provide: Clock, useValue: { now } }]);
    await signIn(http);
    fixture = TestBed.createComponent(ResourcesPage);
    TestBed.tick();
    http.expectOne('/api/home').flush({ home: null });
    await fixture.whenStable();
  });

  async function show(...instances: InstanceView[]): Promise<void> {
    await pushSnapshot(instances);
    await fixture.whenStable();
  }
  const text = () => words(fixture.nativeElement);
  const named = (name: string) => fixture.nativeElement.querySelector(`[aria-label="${name}"]`) as HTMLButtonElement;
  const dialog = () => document.querySelector('mat-dialog-container');
  const dialogButton = (name: string) =>
    [...(dialog()?.querySelectorAll('button') ?? [])].find((item) => item.textContent?.trim() === name);

  it('waits for the first push', () => {
    expect(text()).toContain('Loading your desktops');
  });

  it('says when the state cannot be had', async () => {
    FakeSocket.last.drop();
    await fixture.whenStable();
    expect(text()).toContain('does not tell the state of your desktops');
  });

  it('leads to the proposals when there is nothing', async () => {
    await show();
    expect(text()).toContain('You hold nothing at the moment');
    expect(fixture.nativeElement.querySelector('a[href="/proposals"]')).not.toBeNull();
  });

  it('tells state, proposal, plan, what it holds, expiry with countdown and last access', async () => {
    await show(instance({ expiresAt: '2026-11-21T10:20:30.000Z', lastAccessAt: '2026-11-21T10:05:00.000Z' }));
    expect(text()).toMatch(/running 20260301 Strain in titanium/);
    expect(text()).toMatch(/Plan Analysis desktop/);
    expect(text()).toMatch(/1 machine, 2 vCPUs, 4 GiB memory, 20 GiB storage/);
    expect(text()).toMatch(/Disk thrown away at the end/);
    expect(text()).toMatch(/in 10 min 30 s/);
    const expiry = fixture.nativeElement.querySelector('dd [title]') as HTMLElement;
    expect(expiry.title).toContain('its disk thrown away');
    expect(expiry.parentElement?.textContent).toMatch(/\d\s.*in 10 min 30 s/);
    expect(expiry.nextSibling?.textContent).toBe(' ');
    expect(fixture.nativeElement.querySelector('.left').classList).toContain('warn');
    expect(text()).toMatch(/Last access 5 min ago/);
  });

  it('says that a state is only the last known one', async () => {
    await show(instance({ unreachable: true, observedAt: '2026-11-21T10:00:00.000Z', notice: 'Scratch is full.' }));
    expect(text()).toContain('This is the last known state.');
    expect(text()).toContain('Scratch is full.');
  });

  it('offers only Enter for a desktop of somebody else', async () => {
    await show(instance({ role: 'GUEST' }));
    expect(text()).toContain('shared with you');
    expect(named('Enter the desktop of 20260301')).not.toBeNull();
    expect(named('Stop the desktop of 20260301')).toBeNull();
  });

  it('stops only after the confirmation, which says what is lost', async () => {
    await show(instance());
    named('Stop the desktop of 20260301').click();
    await settle();
    expect(dialog()?.textContent).toContain('what you have not saved is lost');
    expect(dialog()?.textContent).toContain('The disk of this desktop is thrown away. Keep your results in /scratch');
    http.expectNone(`/api/instances/${instance().id}/stop`);
    dialogButton('Stop the desktop')?.click();
    await timers();
    await settle();
    await fixture.whenStable();
    http.expectOne({ method: 'POST', url: `/api/instances/${instance().id}/stop` }).flush(instance({ wanted: 'DELETED' }));
    await settle();
    await fixture.whenStable();
    expect(text()).toContain('Stopping');
  });

  const KEPT = {
    plan: { ...plan, keepsDisk: true },
    state: 'STOPPED',
    wanted: 'STOPPED',
    allocation: { ...nothing, storageMib: needs.storageMib },
  } as const;

  it('says before a stop that the disk is kept', async () => {
    await show(instance({ plan: KEPT.plan }));
    expect(text()).toMatch(/Disk kept when it stops/);
    named('Stop the desktop of 20260301').click();
    await settle();
    expect(dialog()?.textContent).toContain("Stop keeps this desktop's disk; start it again later.");
    dialogButton('Keep it running')?.click();
    await timers();
  });

  it('shows what a stopped desktop holds, and opens it with its disk', async () => {
    await show(instance(KEPT));
    expect(text()).toMatch(/Stopped , its disk is kept Boots its kept disk/i);
    expect(text()).toMatch(/Holds 20 GiB storage Disk kept, 20 GiB/);
    named('Open the desktop of 20260301').click();
    http.expectOne({ method: 'PUT', url: '/api/proposals/k1/services/desktop' });
  });

  it('deletes a kept disk only after the confirmation', async () => {
    await show(instance(KEPT));
    named('Delete the desktop of 20260301').click();
    await settle();
    expect(dialog()?.textContent).toContain('The disk that was kept is thrown away for good.');
    http.expectNone(`/api/instances/${instance().id}`);
    dialogButton('Delete the desktop')?.click();
    await timers();
    await settle();
    await fixture.whenStable();
    http.expectOne({ method: 'DELETE', url: `/api/instances/${instance().id}` });
  });

  it('keeps it running when the person thinks again', async () => {
    await show(instance());
    named('Stop the desktop of 20260301').click();
    await settle();
    dialogButton('Keep it running')?.click();
    await timers();
    await settle();
    await fixture.whenStable();
    http.expectNone(`/api/instances/${instance().id}/stop`);
  });

  it('tells why a stop was refused', async () => {
    await show(instance());
    named('Stop the desktop of 20260301').click();
    await settle();
    dialogButton('Stop the desktop')?.click();
    await timers();
    await settle();
    await fixture.whenStable();
    refuse(http.expectOne(`/api/instances/${instance().id}/stop`), 503, 'UNAVAILABLE', 'Not now.');
    await settle();
    expect(TestBed.inject(Toasts).all()[0].text).toContain('Not now.');
  });
});

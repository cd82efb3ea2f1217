import { HttpTestingController } from '@angular/common/http/testing';
import { signal } from '@angular/core';
import { ComponentFixture, TestBed } from '@angular/core/testing';
import { Router } from '@angular/router';
import type { InstanceView, LaunchView, PlanView, QuotaView } from '@beamdesk/contracts';
import { Clock } from '../api/clock';
import { LOAD_DESKTOP_CHUNKS } from '../desktop/desktop-chunks';
import { NotFoundPage } from '../shell/not-found-page';
import { pushSnapshot, refuse, setUpPortal, settle, signIn, words } from '../testing/portal';
import { instance, nothing, plan, quota } from '../testing/views';
import { DesktopButton } from './desktop-button';

const COLD: LaunchView = { path: 'cold', reason: 'Its prepared copy is being built.', expectedSeconds: 21 };
const LAUNCH = '/api/proposals/k1/services/desktop';

describe('DesktopButton', () => {
  let http: HttpTestingController;
  let fixture: ComponentFixture<DesktopButton>;
  let chunks: jest.Mock;
  const now = signal(Date.parse('2026-11-21T10:01:05.000Z'));

  beforeEach(async () => {
    chunks = jest.fn(() => Promise.resolve());
    now.set(Date.parse('2026-11-21T10:01:05.000Z'));
    http = setUpPortal(
      [{ path: '**', component: NotFoundPage }],
      [
        { provide: Clock, useValue: { now } },
        { provide: LOAD_DESKTOP_CHUNKS, useValue: chunks },
      ],
    );
    await signIn(http);
  });

  async function show(instances: InstanceView[], figures: QuotaView = quota(), offered: PlanView | null = plan) {
    const socket = await pushSnapshot(instances, figures);
    fixture = TestBed.createComponent(DesktopButton);
    fixture.componentRef.setInput('proposalKey', 'k1');
    fixture.componentRef.setInput('proposalName', '20260301');
    fixture.componentRef.setInput('plan', offered);
    await fixture.whenStable();
    return socket;
  }

  const text = () => words(fixture.nativeElement);
  const named = (name: string) =>
    fixture.nativeElement.querySelector(`[aria-label="${name}"]`) as HTMLButtonElement & HTMLAnchorElement;
  const controls = () =>
    [...fixture.nativeElement.querySelectorAll('button, a')].map(
      (control: Element) => control.getAttribute('aria-label') ?? control.textContent?.trim(),
    );

  it('Desktop: one button, what it starts and for how long', async () => {
    await show([]);
    expect(controls()).toEqual(['Desktop for 20260301']);
    expect(text()).toBe('Desktop Analysis desktop, up to 8 hours, disk not kept');
  });

  it('Desktop: says before the click how it starts and how long that takes, also to who cannot see it', async () => {
    await show([]);
    fixture.componentRef.setInput('launch', { path: 'clone', reason: null, expectedSeconds: 0.8 } satisfies LaunchView);
    await fixture.whenStable();
    const hint = fixture.nativeElement.querySelector(`#${named('Desktop for 20260301').getAttribute('aria-describedby')}`);
    expect(words(hint)).toBe('Ready in about 1 s Analysis desktop, up to 8 hours, disk not kept');
    fixture.componentRef.setInput('launch', COLD);
    await fixture.whenStable();
    expect(words(hint)).toContain('Boots from scratch: about 20 s. Its prepared copy is being built.');
  });

  it('Desktop: says that the plan keeps the disk', async () => {
    await show([], quota(), { ...plan, keepsDisk: true });
    expect(text()).toContain('disk kept');
  });

  it.each(['pointerenter', 'focusin'])('has the page of the desktop at hand at a %s', async (event) => {
    await show([]);
    expect(chunks).not.toHaveBeenCalled();
    fixture.nativeElement.dispatchEvent(new Event(event));
    fixture.nativeElement.dispatchEvent(new Event(event));
    expect(chunks).toHaveBeenCalledTimes(1);
  });

  it('one click asks once and leads to the desktop', async () => {
    await show([]);
    named('Desktop for 20260301').click();
    fixture.detectChanges();
    expect(text()).toBe('Asking for a desktop …');
    http.expectOne({ method: 'PUT', url: LAUNCH }).flush(instance({ state: 'REQUESTED' }));
    await settle();
    await fixture.whenStable();
    expect(TestBed.inject(Router).url).toBe(`/desktop/${instance().id}`);
    expect(text()).toContain('Starting');
    expect(chunks).toHaveBeenCalledTimes(1);
  });

  it('stays with who has turned to something else before the answer, and offers Watch', async () => {
    await show([]);
    const field = document.createElement('input');
    document.body.append(field);
    named('Desktop for 20260301').click();
    field.focus();
    http.expectOne({ method: 'PUT', url: LAUNCH }).flush(instance({ state: 'REQUESTED' }));
    await settle();
    await fixture.whenStable();
    expect(TestBed.inject(Router).url).toBe('/');
    expect(controls()).toContain('Watch the desktop of 20260301 start');
    field.remove();
  });

  it('Starting: the step, the time since the click against what to expect, and why it boots', async () => {
    const asked = instance({ state: 'REQUESTED', stateSince: '2026-11-21T10:00:53.000Z', launch: COLD });
    const socket = await show([asked]);
    const building = instance({ ...asked, state: 'BUILDING', step: 'Preparing the disk', stateSince: '2026-11-21T10:01:04.000Z' });
    socket.send({ type: 'instance', seq: 2, instance: building, quota: quota() });
    await fixture.whenStable();
    expect(text()).toMatch(/Starting Preparing the disk 12 s of about 20 s Its prepared copy is being built\./);
    now.update((ms) => ms + 60_000);
    await fixture.whenStable();
    expect(text()).toContain('72 s, much longer than usual (about 20 s).');
    expect(controls()).toEqual(['Watch the desktop of 20260301 start', 'Stop the desktop of 20260301']);
  });

  it('Running: Enter and Stop, and the time left', async () => {
    await show([instance({ expiresAt: '2026-11-21T12:01:05.000Z' })]);
    expect(controls()).toEqual(['Enter the desktop of 20260301', 'Stop the desktop of 20260301']);
    expect(named('Enter the desktop of 20260301').getAttribute('href')).toBe(`/desktop/${instance().id}`);
    expect(text()).toContain('2 h 0 min left');
  });

  it('Stopping: nothing to press', async () => {
    await show([instance({ state: 'DELETING', wanted: 'DELETED' })]);
    expect(text()).toContain('Stopping');
    expect(controls()).toEqual([]);
  });

  it('Stopped: Open and Delete', async () => {
    await show([instance({ state: 'STOPPED', wanted: 'STOPPED', allocation: nothing })]);
    expect(controls()).toEqual(['Open the desktop of 20260301', 'Delete the desktop of 20260301']);
    expect(named('Open the desktop of 20260301').disabled).toBe(false);
  });

  it('Stopped without room: Open is off and says what is missing', async () => {
    const stopped = instance({ state: 'STOPPED', wanted: 'STOPPED', allocation: nothing });
    await show([stopped], quota({ vcpus: 7 }));
    expect(named('Open the desktop of 20260301').disabled).toBe(true);
    expect(text()).toContain('Quota full: 1 vCPU missing');
  });

  it('Stopped: Open boots the disk, whatever a new desktop would do', async () => {
    await show([instance({ state: 'STOPPED', wanted: 'STOPPED', allocation: nothing, launch: COLD })]);
    expect(text()).toContain('Boots its kept disk: about 20 s');
    fixture.componentRef.setInput('launch', { path: 'clone', reason: null, expectedSeconds: 0.8 } satisfies LaunchView);
    await fixture.whenStable();
    expect(text()).not.toContain('about 1 s');
  });

  it('Failed: the reason, Try again, Dismiss', async () => {
    await show([instance({ state: 'FAILED', failure: { code: 'BOOT', message: 'The machine did not boot.' } })]);
    expect(text()).toContain('The machine did not boot.');
    named('Dismiss the failed desktop of 20260301').click();
    http.expectOne({ method: 'DELETE', url: `/api/instances/${instance().id}` });
    named('Try again: desktop of 20260301').click();
    http.expectOne({ method: 'PUT', url: LAUNCH });
  });

  it('quota full: what is missing in one line; the rest is told once by the page', async () => {
    const other = instance({ id: 'o', proposalKey: 'k9', proposalName: '20260309' });
    await show([other], quota({ machines: 3, memoryMib: 14_336 }));
    expect(text()).toBe('Desktop Quota full: 1 machine, 2 GiB memory missing');
    const button = named('Desktop for 20260301');
    expect(button.getAttribute('aria-disabled')).toBe('true');
    button.click();
    http.expectNone(LAUNCH);
  });

  it('quota full is over as soon as a push says so', async () => {
    const socket = await show([], quota({ machines: 3 }));
    expect(text()).toContain('Quota full: 1 machine missing');
    socket.send({ type: 'quota', seq: 2, quota: quota({ machines: 2 }) });
    await fixture.whenStable();
    expect(text()).not.toContain('Quota full');
    expect(named('Desktop for 20260301').getAttribute('aria-disabled')).toBeNull();
  });

  it('nothing offered', async () => {
    await show([], quota(), null);
    expect(text()).toBe('No desktop is offered for this proposal yet.');
    expect(controls()).toEqual([]);
  });

  it.each([
    [409, 'HOST_FULL', 'All places are taken'],
    [503, 'CATALOGUE_UNAVAILABLE', 'The catalogue does not answer'],
  ])('refused with %i %s: says why as an alert, Try again and Dismiss', async (status, code, title) => {
    await show([]);
    named('Desktop for 20260301').click();
    refuse(http.expectOne(LAUNCH), status, code, 'Because.');
    await settle();
    await fixture.whenStable();
    expect(fixture.nativeElement.querySelector('[role=alert]').textContent).toContain(title);
    expect(text()).toContain('Because.');
    named('Dismiss the message about 20260301').click();
    await fixture.whenStable();
    expect(controls()).toEqual(['Desktop for 20260301']);
  });

  it('a refusal for quota gives way when the quota changes', async () => {
    const socket = await show([]);
    named('Desktop for 20260301').click();
    const shortfalls = [{ resource: 'machines', requested: 1, available: 0, missing: 1 }];
    refuse(http.expectOne(LAUNCH), 409, 'QUOTA_EXCEEDED', 'Full.', { shortfalls });
    await settle();
    await fixture.whenStable();
    expect(text()).toContain('Quota full: 1 machine missing');
    socket.send({ type: 'quota', seq: 2, quota: quota() });
    await fixture.whenStable();
    expect(controls()).toEqual(['Desktop for 20260301']);
  });

  it('two clicks before the answer ask once', async () => {
    await show([]);
    const button = named('Desktop for 20260301');
    button.click();
    button.click();
    expect(http.match(LAUNCH)).toHaveLength(1);
  });

  it('follows the pushes of a launch in another tab', async () => {
    const socket = await show([]);
    const seen: string[] = [];
    const states = ['REQUESTED', 'STARTING', 'READY', 'STOPPING', 'DELETED'] as const;
    for (const [index, state] of states.entries()) {
      const wanted = index < 3 ? 'RUNNING' : 'DELETED';
      socket.send({ type: 'instance', seq: index + 2, instance: instance({ state, wanted }), quota: quota() });
      await fixture.whenStable();
      seen.push(fixture.nativeElement.getAttribute('data-state'));
    }
    expect(seen).toEqual(['starting', 'starting', 'ready', 'stopping', 'offer']);
  });
});

import { HttpTestingController } from '@angular/common/http/testing';
import { signal } from '@angular/core';
import { ComponentFixture, TestBed } from '@angular/core/testing';
import { Router } from '@angular/router';
import type { InstanceView, PlanView, QuotaView } from '@beamdesk/contracts';
import { Clock } from '../api/clock';
import { NotFoundPage } from '../shell/not-found-page';
import { pushSnapshot, refuse, setUpPortal, settle, signIn, words } from '../testing/portal';
import { instance, nothing, plan, quota } from '../testing/views';
import { DesktopButton } from './desktop-button';

const LAUNCH = '/api/proposals/k1/services/desktop';

describe('DesktopButton', () => {
  let http: HttpTestingController;
  let fixture: ComponentFixture<DesktopButton>;
  const now = signal(Date.parse('2026-11-21T10:01:05.000Z'));

  beforeEach(async () => {
    http = setUpPortal([{ path: '**', component: NotFoundPage }], [{ provide: Clock, useValue: { now } }]);
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
    expect(text()).toContain('Analysis desktop, up to 8 hours');
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
  });

  it('Starting: the step and the time since', async () => {
    await show([instance({ state: 'BUILDING', step: 'Preparing the disk' })]);
    expect(text()).toContain('Starting Preparing the disk');
    expect(text()).toContain('1:05');
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
    expect(text()).toContain('vCPUs: 1 missing (2 needed, 1 left)');
  });

  it('Failed: the reason, Try again, Dismiss', async () => {
    await show([instance({ state: 'FAILED', failure: { code: 'BOOT', message: 'The machine did not boot.' } })]);
    expect(text()).toContain('The machine did not boot.');
    named('Dismiss the failed desktop of 20260301').click();
    http.expectOne({ method: 'DELETE', url: `/api/instances/${instance().id}` });
    named('Try again: desktop of 20260301').click();
    http.expectOne({ method: 'PUT', url: LAUNCH });
  });

  it('quota full: which resource, how much, what to stop', async () => {
    const other = instance({ id: 'o', proposalKey: 'k9', proposalName: '20260309' });
    await show([other], quota({ machines: 3 }));
    expect(text()).toContain('Your quota is full');
    expect(text()).toContain('Machines: 1 missing, none left');
    expect(fixture.nativeElement.querySelector('a[href="/resources"]').textContent).toBe('20260309');
    expect(controls()).not.toContain('Desktop for 20260301');
  });

  it('quota full is over as soon as a push says so', async () => {
    const socket = await show([], quota({ machines: 3 }));
    expect(text()).toContain('Your quota is full');
    socket.send({ type: 'quota', seq: 2, quota: quota({ machines: 2 }) });
    await fixture.whenStable();
    expect(controls()).toEqual(['Desktop for 20260301']);
  });

  it('nothing offered', async () => {
    await show([], quota(), null);
    expect(text()).toBe('No desktop is offered for this beamline yet.');
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
    expect(text()).toContain('Machines: 1 missing');
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

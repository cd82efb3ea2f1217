import { HttpTestingController } from '@angular/common/http/testing';
import { signal } from '@angular/core';
import { ComponentFixture, TestBed } from '@angular/core/testing';
import type { InstanceView } from '@beamdesk/contracts';
import { Clock } from '../api/clock';
import { LOAD_DESKTOP_CHUNKS } from '../desktop/desktop-chunks';
import { NotFoundPage } from '../shell/not-found-page';
import { pushSnapshot, setUpPortal, signIn, words } from '../testing/portal';
import { instance, plan, quota } from '../testing/views';
import { DesktopButton } from './desktop-button';

describe('DesktopButton of a desktop that waits, or that nobody uses', () => {
  let http: HttpTestingController;
  let fixture: ComponentFixture<DesktopButton>;
  const now = signal(Date.parse('2026-11-21T10:01:05.000Z'));

  beforeEach(async () => {
    http = setUpPortal(
      [{ path: '**', component: NotFoundPage }],
      [
        { provide: Clock, useValue: { now } },
        { provide: LOAD_DESKTOP_CHUNKS, useValue: () => Promise.resolve() },
      ],
    );
    await signIn(http);
  });

  async function show(shown: InstanceView): Promise<void> {
    await pushSnapshot([shown], quota());
    fixture = TestBed.createComponent(DesktopButton);
    fixture.componentRef.setInput('proposalKey', 'k1');
    fixture.componentRef.setInput('proposalName', '20260301');
    fixture.componentRef.setInput('plan', plan);
    await fixture.whenStable();
  }
  const text = () => words(fixture.nativeElement);
  const button = (label: string) => fixture.nativeElement.querySelector(`[aria-label="${label}"]`) as HTMLButtonElement;

  const WAITING = {
    state: 'REQUESTED',
    step: 'Waiting: 3rd in the queue, the host is full (memory)',
    queue: { position: 3, reason: 'memory', since: '2026-11-21T10:00:00.000Z' },
  } as const;

  it('says its turn and why, no time of a start, and lets the queue be left without a question', async () => {
    await show(instance(WAITING));
    expect(text()).toBe('Waiting 3rd in the queue, the host is full (memory) Leave the queue');
    button('Leave the queue: desktop of 20260301').click();
    const { id } = instance(WAITING);
    const stop = http.expectOne({ method: 'POST', url: `/api/instances/${id}/stop` });
    stop.flush({ ...instance(WAITING), wanted: 'DELETED' });
  });

  it('says that it stops because nobody uses it, and keeps it at a click', async () => {
    const idle = instance({ state: 'READY', idleStopAt: '2026-11-21T10:13:05.000Z' });
    await show(idle);
    expect(text()).toContain('Nobody uses this desktop, so it stops soon. Its disk is not kept; files in scratch are.');
    expect(text()).toContain('12 min 0 s left.');
    button(`Keep the desktop of ${idle.proposalName} running`).click();
    http.expectOne({ method: 'POST', url: `/api/instances/${idle.id}/keep-running` }).flush({ ...idle, idleStopAt: null });
  });

  it('says nothing of it while it is used', async () => {
    await show(instance({ state: 'READY', idleStopAt: null }));
    expect(text()).not.toContain('Nobody uses');
  });
});

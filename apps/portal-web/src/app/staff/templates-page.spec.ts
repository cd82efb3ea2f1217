import { HttpTestingController } from '@angular/common/http/testing';
import { signal } from '@angular/core';
import { ComponentFixture, TestBed } from '@angular/core/testing';
import type { Role, TemplateView } from '@beamdesk/contracts';
import { Clock } from '../api/clock';
import { refuse, setUpPortal, settle, signIn, timers, words } from '../testing/portal';
import { session, template } from '../testing/views';
import { TemplatesPage } from './templates-page';

const URL = '/api/templates';
const REBUILD = '/api/templates/vm-host-1/a1b2c3/rebuild';

describe('TemplatesPage', () => {
  let http: HttpTestingController;
  let fixture: ComponentFixture<TemplatesPage>;
  const now = signal(Date.parse('2026-11-21T10:06:00.000Z'));

  async function open(role: Role = 'STAFF'): Promise<void> {
    http = setUpPortal([], [{ provide: Clock, useValue: { now } }]);
    const { user, ...rest } = session();
    await signIn(http, { ...rest, user: user && { ...user, roles: ['USER', role] } });
    fixture = TestBed.createComponent(TemplatesPage);
    await fixture.whenStable();
  }
  async function show(items: TemplateView[], role?: Role): Promise<void> {
    await open(role);
    http.expectOne(URL).flush({ items });
    await fixture.whenStable();
  }
  const text = () => words(fixture.nativeElement);
  const rebuild = () => fixture.nativeElement.querySelector('[aria-label^="Rebuild"]') as HTMLButtonElement;
  const row = (state: TemplateView['state']) => words(fixture.nativeElement.querySelector(`tr[data-state="${state}"]`));

  async function confirm(name: string): Promise<void> {
    await settle();
    const buttons = [...(document.querySelector('mat-dialog-container')?.querySelectorAll('button') ?? [])];
    buttons.find((button) => button.textContent?.trim() === name)?.click();
    await timers();
    await settle();
    await fixture.whenStable();
  }

  it('tells of each template image, flavour, plans, state, since when, size, build time and machines', async () => {
    await show([template()]);
    expect(row('ready')).toBe(
      'Analysis desktop vnc 2 vCPUs, 2 GiB memory, 10 GiB disk Analysis desktop ready 6 min ago 277 MiB 13 s 2',
    );
    expect(text()).toContain('1 ready');
  });

  it('groups them by host', async () => {
    await show([template(), template({ key: 'b' }), template({ hostId: 'vm-host-2' })]);
    const hosts = [...fixture.nativeElement.querySelectorAll('h2')].map((heading: Element) => words(heading));
    expect(hosts).toEqual(['Host vm-host-1', 'Host vm-host-2']);
    expect(fixture.nativeElement.querySelectorAll('tbody tr')).toHaveLength(3);
  });

  it('shows the step and how far a build is', async () => {
    await show([template({ state: 'building', step: 'Booting the image', progress: 0.4, sizeMib: null, buildSeconds: null })]);
    expect(row('building')).toContain('Booting the image');
    const bar = fixture.nativeElement.querySelector('[role=progressbar]') as Element;
    expect(bar.getAttribute('aria-valuenow')).toBe('40');
    expect(bar.getAttribute('aria-label')).toBe('Building Analysis desktop');
  });

  it('shows the step beside "ready" while one in use is made anew, and offers no second rebuild', async () => {
    await show([template({ step: 'Saving the memory', progress: 0.75 })], 'ADMIN');
    expect(row('ready')).toContain('ready 6 min ago');
    expect(row('ready')).toContain('Saving the memory');
    const bar = fixture.nativeElement.querySelector('[role=progressbar]') as Element;
    expect(bar.getAttribute('aria-valuenow')).toBe('75');
    expect(rebuild()).toBeNull();
  });

  it('says why one was set aside, and why one is not possible', async () => {
    await show([
      template({ state: 'set-aside', failures: 2, failure: 'The session did not come up.' }),
      template({ key: 'b', state: 'impossible', failure: 'The image has no agent.' }),
    ]);
    expect(row('set-aside')).toContain('After 2 failed tries: The session did not come up.');
    expect(row('impossible')).toContain('not possible');
    expect(row('impossible')).toContain('The image has no agent.');
  });

  it('says that a host is silent', async () => {
    await show([template({ observedAt: '2026-11-21T10:03:00.000Z' })]);
    expect(text()).toContain('The host has not spoken of it since');
  });

  it('says so when there is none', async () => {
    await show([]);
    expect(text()).toContain('No template yet');
  });

  it('waits with a skeleton, then says that it is slow', async () => {
    jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'nextTick'] });
    try {
      const opened = open();
      await jest.advanceTimersByTimeAsync(1);
      await opened;
      expect(text()).toContain('Loading the templates');
      jest.advanceTimersByTime(3000);
      fixture.detectChanges();
      expect(text()).toContain('longer than usual');
    } finally {
      jest.useRealTimers();
    }
  });

  it('says why the list cannot be had, and keeps what it has', async () => {
    await open();
    refuse(http.expectOne(URL), 503, 'UNAVAILABLE', 'Not now.');
    await fixture.whenStable();
    expect(fixture.nativeElement.querySelector('[role=alert]').textContent).toContain('Not now.');
    fixture.nativeElement.querySelector('bd-problem button').click();
    http.expectOne(URL).flush({ items: [template()] });
    await fixture.whenStable();
    expect(fixture.nativeElement.querySelector('[role=alert]')).toBeNull();
    expect(row('ready')).toContain('Analysis desktop');
  });

  describe('Rebuild', () => {
    it.each<[Role, boolean]>([
      ['STAFF', false],
      ['SUPPORT', false],
      ['ADMIN', true],
    ])('is for %s: %p', async (role, offered) => {
      await show([template()], role);
      expect(rebuild() !== null).toBe(offered);
    });

    it.each(['waiting', 'building', 'impossible'] as const)('is not offered for one that is %s', async (state) => {
      await show([template({ state })], 'ADMIN');
      expect(rebuild()).toBeNull();
    });

    it('asks first', async () => {
      await show([template()], 'ADMIN');
      rebuild().click();
      await settle();
      expect(document.querySelector('mat-dialog-container')?.textContent).toContain('launches go on from the present one');
      await confirm('Leave it');
      http.expectNone(REBUILD);
    });

    it('is busy, then asked for, until its host has begun', async () => {
      await show([template({ state: 'set-aside' })], 'ADMIN');
      rebuild().click();
      await confirm('Rebuild');
      expect(words(rebuild())).toBe('Asking …');
      expect(rebuild().disabled).toBe(true);
      http.expectOne({ method: 'POST', url: REBUILD }).flush(null, { status: 202, statusText: 'Accepted' });
      await settle();
      http.expectOne(URL).flush({ items: [template({ state: 'set-aside' })] });
      await fixture.whenStable();
      expect(row('set-aside')).toContain('Rebuild asked for');
      expect(rebuild()).toBeNull();
    });

    it('says why it was refused, at its template', async () => {
      await show([template()], 'ADMIN');
      rebuild().click();
      await confirm('Rebuild');
      refuse(http.expectOne(REBUILD), 403, 'NOT_ALLOWED', 'Your role does not allow this.');
      await settle();
      await fixture.whenStable();
      expect(fixture.nativeElement.querySelector('tr [role=alert]').textContent).toContain('Your role does not allow this.');
      expect(rebuild().disabled).toBe(false);
    });
  });
});

import { HttpTestingController } from '@angular/common/http/testing';
import { ComponentFixture, TestBed } from '@angular/core/testing';
import type { HomeView } from '@beamdesk/contracts';
import { pushSnapshot, refuse, setUpPortal, settle, signIn, words } from '../testing/portal';
import { instance, quota } from '../testing/views';
import { HomeCard } from './home-card';

describe('HomeCard', () => {
  let http: HttpTestingController;
  let fixture: ComponentFixture<HomeCard>;

  beforeEach(async () => {
    http = setUpPortal();
    await signIn(http);
    fixture = TestBed.createComponent(HomeCard);
  });

  const measured = { limitMib: 2048, usedMib: 512, measuredAt: '2026-11-21T10:00:00.000Z', full: false };
  async function answer(home: HomeView['home']): Promise<void> {
    http.expectOne('/api/home').flush({ home });
    await settle();
    await fixture.whenStable();
  }
  const text = () => words(fixture.nativeElement);
  const meter = () => fixture.nativeElement.querySelector('[role=meter]') as HTMLElement | null;

  it('shows nothing where the portal keeps no homes', async () => {
    await answer(null);
    expect(text()).toBe('');
  });

  it('shows what is used of the limit, to the eye and to screen readers', async () => {
    await answer(measured);
    expect(text()).toMatch(/Home folder ~\/Home in every one of your desktops.*512 MiB of 2 GiB used measured/);
    expect(meter()?.getAttribute('aria-label')).toBe('Home folder');
    expect(meter()?.getAttribute('aria-valuetext')).toBe('512 MiB of 2 GiB used');
    expect((meter()?.firstElementChild as HTMLElement).style.width).toBe('25%');
    expect(text()).not.toContain('full');
  });

  it('says when it is full, and what to do', async () => {
    await answer({ ...measured, usedMib: 2100, full: true });
    expect(text()).toContain('2.1 GiB of 2 GiB');
    expect((meter()?.firstElementChild as HTMLElement).style.width).toBe('100%');
    expect(words(fixture.nativeElement.querySelector('[role=status]'))).toMatch(/It is full: delete files/);
  });

  it('tells the limit before anything was measured', async () => {
    await answer({ limitMib: 2048, usedMib: null, measuredAt: null, full: false });
    expect(text()).toContain('2 GiB, made with your next desktop');
    expect(meter()).toBeNull();
  });

  it('says when it cannot be told, and asks again when asked to', async () => {
    refuse(http.expectOne('/api/home'), 503, 'DATABASE_UNAVAILABLE', 'The database does not answer.');
    await settle();
    await fixture.whenStable();
    expect(text()).toContain('How full it is cannot be told just now. The database does not answer.');
    (fixture.nativeElement.querySelector('button') as HTMLButtonElement).click();
    await answer(measured);
    expect(text()).toContain('512 MiB of 2 GiB');
  });

  it('asks again a while after a desktop changed: by then what the folder holds is written down', async () => {
    await answer(measured);
    jest.useFakeTimers();
    try {
      const socket = await pushSnapshot([instance()]);
      socket.send({ type: 'instance', seq: 2, instance: instance({ notice: 'Your home folder is full' }), quota: quota() });
      jest.advanceTimersByTime(1500);
      http.expectOne('/api/home').flush({ home: measured });
      jest.advanceTimersByTime(12_000);
      http.expectOne('/api/home').flush({ home: { ...measured, usedMib: 2100, full: true } });
    } finally {
      jest.useRealTimers();
    }
    await settle();
    await fixture.whenStable();
    expect(text()).toContain('It is full');
  });
});

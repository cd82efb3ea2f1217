import { signal } from '@angular/core';
import { ComponentFixture, TestBed } from '@angular/core/testing';
import type { ConnectionState } from '../../api/events.client';
import { InstancesStore } from '../../api/instances.store';
import { DesktopStatus } from '../desktop-status';
import { DesktopStore } from '../desktop.store';
import { PortalNote } from './portal-note';

const NOTE = 'The portal does not answer at the moment; your desktop goes on.';

describe('PortalNote', () => {
  const connection = signal<ConnectionState>('open');
  const status = signal<DesktopStatus>({ kind: 'live', stable: true });
  let fixture: ComponentFixture<PortalNote>;

  beforeEach(() => {
    jest.useFakeTimers();
    connection.set('open');
    status.set({ kind: 'live', stable: true });
    TestBed.configureTestingModule({
      providers: [
        { provide: InstancesStore, useValue: { connection } },
        { provide: DesktopStore, useValue: { status } },
      ],
    });
    fixture = TestBed.createComponent(PortalNote);
  });
  afterEach(() => jest.useRealTimers());

  function after(ms: number): string {
    fixture.detectChanges();
    jest.advanceTimersByTime(ms);
    fixture.detectChanges();
    return (fixture.nativeElement as HTMLElement).textContent?.trim() ?? '';
  }

  it('comes after five seconds, and goes as soon as the portal is back', () => {
    expect(after(60_000)).toBe('');
    connection.set('lost');
    expect(after(4_900)).toBe('');
    expect(after(100)).toBe(NOTE);
    connection.set('open');
    expect(after(0)).toBe('');
    expect(fixture.nativeElement.querySelector('[role=status]')).not.toBeNull();
  });

  it('says nothing of a short silence, however many there are', () => {
    for (let times = 0; times < 3; times++) {
      connection.set('lost');
      expect(after(4_000)).toBe('');
      connection.set('open');
      expect(after(1_000)).toBe('');
    }
  });

  it('does not say that a desktop goes on whose picture stands still', () => {
    connection.set('lost');
    status.set({ kind: 'live', stable: false });
    expect(after(60_000)).toBe('');
  });
});

import { signal } from '@angular/core';
import { ComponentFixture, TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import type { InstanceView, LaunchView } from '@beamdesk/contracts';
import { Clock } from '../../api/clock';
import { InstancesStore } from '../../api/instances.store';
import { words } from '../../testing/portal';
import { instance } from '../../testing/views';
import { StartingState } from './starting-state';

const START = Date.parse('2026-11-21T10:00:00.000Z');
const COLD: LaunchView = { path: 'cold', reason: 'Its prepared copy is being built.', expectedSeconds: 20 };
const CLONE: LaunchView = { path: 'clone', reason: null, expectedSeconds: 0.8 };

describe('StartingState', () => {
  let fixture: ComponentFixture<StartingState>;
  const now = signal(START);

  beforeEach(() => {
    jest.useFakeTimers();
    now.set(START);
    TestBed.configureTestingModule({
      providers: [
        provideRouter([]),
        { provide: Clock, useValue: { now } },
        { provide: InstancesStore, useValue: { askedAt: () => START } },
      ],
    });
    fixture = TestBed.createComponent(StartingState);
  });
  afterEach(() => jest.useRealTimers());

  function show(change: Partial<InstanceView>, seconds = 0): void {
    now.set(START + seconds * 1000);
    fixture.componentRef.setInput('instance', instance(change));
    fixture.detectChanges();
  }
  const text = () => words(fixture.nativeElement);
  const spoken = () => {
    jest.advanceTimersByTime(1500);
    fixture.detectChanges();
    return fixture.nativeElement.querySelector('.bd-sr-only').textContent;
  };
  const bar = () => fixture.nativeElement.querySelector('[role=progressbar]') as Element;

  it('tells the step, how far it is, and why it boots', () => {
    show({ state: 'STARTING', step: 'Starting the system', launch: COLD }, 12);
    expect(text()).toMatch(/Starting the system 12 s of about 20 s Its prepared copy is being built\./);
    expect(bar().getAttribute('aria-valuenow')).toBe('60');
  });

  it('says only what to expect of a start that lasts a second', () => {
    show({ state: 'STARTING', step: 'Copying the machine', launch: CLONE }, 1);
    expect(text()).toContain('Ready in about 1 s');
  });

  it('says so when it takes far longer than expected', () => {
    show({ state: 'STARTING', step: 'Copying the machine', launch: CLONE }, 9);
    expect(text()).toContain('9 s, much longer than usual (about 1 s). You may wait, or stop it and try again.');
    expect(fixture.nativeElement.querySelector('.late')).not.toBeNull();
    expect(bar().getAttribute('aria-valuenow')).toBeNull();
  });

  it('keeps its words in place between the states', () => {
    show({ state: 'REQUESTED', launch: null });
    const [panel, step] = ['section', '.step'].map((selector) => fixture.nativeElement.querySelector(selector));
    expect(step.textContent).toBe('Waiting for its turn');
    show({ state: 'READY', launch: CLONE }, 1);
    expect(fixture.nativeElement.querySelector('section')).toBe(panel);
    expect(step.textContent).toBe('Connecting');
  });

  it('speaks politely: once what to expect, then only steps that last', () => {
    show({ state: 'REQUESTED', step: 'Waiting', launch: COLD });
    show({ state: 'BUILDING', step: 'Preparing the disk', launch: COLD }, 1);
    expect(spoken()).toBe('Preparing the disk. Boots from scratch: about 20 s. Its prepared copy is being built.');
    show({ state: 'BUILDING', step: 'Preparing the disk', launch: COLD }, 70);
    expect(spoken()).toBe('Preparing the disk. It takes much longer than usual');
    expect(fixture.nativeElement.querySelectorAll('[role=status]')).toHaveLength(1);
  });
});

import { TestBed } from '@angular/core/testing';
import { signal } from '@angular/core';
import { settled } from './settled';

describe('settled', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('passes on what lasted, and nothing that came between', () => {
    const source = signal('starting');
    const spoken = TestBed.runInInjectionContext(() => settled(source, 1000));
    const after = (ms: number): string | undefined => {
      TestBed.tick();
      jest.advanceTimersByTime(ms);
      return spoken();
    };
    expect(after(999)).toBeUndefined();
    source.set('connecting');
    expect(after(999)).toBeUndefined();
    source.set('connected');
    expect(after(1000)).toBe('connected');
  });

  it('ends with what it was made in', () => {
    const source = signal('a');
    const spoken = TestBed.runInInjectionContext(() => settled(source, 1000));
    TestBed.tick();
    TestBed.resetTestingModule();
    jest.advanceTimersByTime(5000);
    expect(spoken()).toBeUndefined();
  });
});

import { DOCUMENT } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Wake } from './wake';

describe('Wake', () => {
  let document: Document;
  let visibility: DocumentVisibilityState;
  let woken: number;

  beforeEach(() => {
    jest.useFakeTimers();
    document = TestBed.inject(DOCUMENT);
    visibility = 'visible';
    jest.spyOn(document, 'visibilityState', 'get').mockImplementation(() => visibility);
    woken = 0;
    TestBed.inject(Wake).wakes.subscribe(() => woken++);
  });
  afterEach(() => {
    TestBed.resetTestingModule();
    jest.restoreAllMocks();
    jest.useRealTimers();
  });

  const look = (state: DocumentVisibilityState) => {
    visibility = state;
    document.dispatchEvent(new Event('visibilitychange'));
  };

  it('tells when the browser says that it is online again', () => {
    window.dispatchEvent(new Event('offline'));
    expect(woken).toBe(0);
    window.dispatchEvent(new Event('online'));
    expect(woken).toBe(1);
  });

  it('tells when the page is looked at again, not when it is left', () => {
    look('hidden');
    expect(woken).toBe(0);
    look('visible');
    expect(woken).toBe(1);
  });

  it('tells after a sleep, in which no clock ran, and not while clocks run', () => {
    jest.advanceTimersByTime(60_000);
    expect(woken).toBe(0);
    jest.setSystemTime(Date.now() + 600_000);
    jest.advanceTimersByTime(5_000);
    expect(woken).toBe(1);
  });

  it('listens no more once the page is gone', () => {
    TestBed.resetTestingModule();
    window.dispatchEvent(new Event('online'));
    look('visible');
    expect(woken).toBe(0);
  });
});

import { HttpTestingController } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import type { TemplateView } from '@beamdesk/contracts';
import { refuse, setUpPortal } from '../testing/portal';
import { template } from '../testing/views';
import { TemplatesStore } from './templates.store';

const URL = '/api/templates';

describe('TemplatesStore', () => {
  let http: HttpTestingController;
  let visibility: DocumentVisibilityState;

  beforeEach(() => {
    jest.useFakeTimers();
    visibility = 'visible';
    jest.spyOn(document, 'visibilityState', 'get').mockImplementation(() => visibility);
    http = setUpPortal([], [TemplatesStore]);
    TestBed.inject(TemplatesStore);
  });
  afterEach(() => {
    TestBed.resetTestingModule();
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  function answer(...items: TemplateView[]): void {
    http.expectOne(URL).flush({ items });
    TestBed.tick();
  }
  function turn(state: DocumentVisibilityState): void {
    visibility = state;
    document.dispatchEvent(new Event('visibilitychange'));
    TestBed.tick();
  }
  /** Whether the list is asked for again after `ms`, and not before. */
  function asksAfter(ms: number): void {
    jest.advanceTimersByTime(ms - 1);
    http.expectNone(URL);
    jest.advanceTimersByTime(1);
  }

  it('asks every 15 s while nothing is built, every 2 s while something is', () => {
    answer(template());
    asksAfter(15_000);
    answer(template({ state: 'building' }));
    asksAfter(2000);
    answer(template({ state: 'building' }));
    asksAfter(2000);
    answer(template());
    asksAfter(15_000);
    http.expectOne(URL);
  });

  it('asks for nothing while nobody looks, and at once when somebody does again', () => {
    answer(template({ state: 'building' }));
    turn('hidden');
    jest.advanceTimersByTime(60_000);
    http.expectNone(URL);
    turn('visible');
    answer(template({ state: 'building' }));
    asksAfter(2000);
    http.expectOne(URL);
  });

  it('does not ask twice at once', () => {
    jest.advanceTimersByTime(60_000);
    expect(http.match(URL)).toHaveLength(1);
  });

  it('goes on after a failure, and keeps what it had', () => {
    answer(template());
    asksAfter(15_000);
    refuse(http.expectOne(URL), 503, 'UNAVAILABLE');
    TestBed.tick();
    const store = TestBed.inject(TemplatesStore);
    expect(store.items()).toHaveLength(1);
    expect(store.list.error()?.code).toBe('UNAVAILABLE');
    asksAfter(15_000);
    answer();
    expect(store.list.error()).toBeUndefined();
  });

  it('looks often after a rebuild until its host has begun', async () => {
    const store = TestBed.inject(TemplatesStore);
    answer(template());
    const rebuilt = store.rebuild(template());
    http.expectOne(`${URL}/vm-host-1/a1b2c3/rebuild`).flush(null, { status: 202, statusText: 'Accepted' });
    await rebuilt;
    answer(template());
    expect(store.asked(template())).toBe(true);
    asksAfter(2000);
    const waiting = template({ state: 'waiting', stateSince: '2026-11-21T11:00:00.000Z' });
    answer(waiting);
    expect(store.asked(waiting)).toBe(false);
    asksAfter(15_000);
    http.expectOne(URL);
  });

  it('takes one that stays ready for begun with its first step, also when it is as before afterwards', async () => {
    const store = TestBed.inject(TemplatesStore);
    answer(template());
    const rebuilt = store.rebuild(template());
    http.expectOne(`${URL}/vm-host-1/a1b2c3/rebuild`).flush(null, { status: 202, statusText: 'Accepted' });
    await rebuilt;
    const anew = template({ step: 'Booting the image' });
    answer(anew);
    expect(store.asked(anew)).toBe(false);
    asksAfter(2000);
    answer(template());
    expect(store.asked(template())).toBe(false);
    asksAfter(15_000);
    http.expectOne(URL);
  });

  it('ends with its page', () => {
    answer(template());
    TestBed.resetTestingModule();
    jest.advanceTimersByTime(60_000);
    http.expectNone(URL);
  });
});

import { TestBed } from '@angular/core/testing';
import type { InstanceView } from '@beamdesk/contracts';
import { ApiError } from '../api/api-error';
import { toUserMessage } from '../api/user-message';
import { Toasts } from '../shell/toasts.store';
import type { ScreenSize } from './best-size';
import { MatchWindow, MatchedDesktop } from './match-window';

const READY: Pick<InstanceView, 'role' | 'state'> = { role: 'OWNER', state: 'READY' };

/** A desktop in the test's hand. */
class Desktop implements MatchedDesktop {
  readonly frame = document.createElement('div');
  readonly asked: string[] = [];
  stayed = 0;
  answer: () => Promise<void> = async () => undefined;

  constructor(width = 1447, height = 819) {
    this.windowIs(width, height);
  }
  windowIs(clientWidth: number, clientHeight: number): void {
    for (const [name, value] of Object.entries({ clientWidth, clientHeight })) {
      Object.defineProperty(this.frame, name, { value, configurable: true });
    }
  }
  ask({ width, height }: ScreenSize): Promise<void> {
    this.asked.push(`${width}x${height}`);
    return this.answer();
  }
  stays(): void {
    this.stayed++;
  }
}

describe('MatchWindow', () => {
  let match: MatchWindow;
  let desktop: Desktop;
  let frameChanged: () => void;
  let focused: boolean;
  let visible: DocumentVisibilityState;
  const formerObserver = globalThis.ResizeObserver;

  beforeEach(() => {
    jest.useFakeTimers();
    localStorage.clear();
    [focused, visible] = [true, 'visible'];
    jest.spyOn(document, 'hasFocus').mockImplementation(() => focused);
    jest.spyOn(document, 'visibilityState', 'get').mockImplementation(() => visible);
    globalThis.ResizeObserver = class {
      constructor(callback: ResizeObserverCallback) {
        frameChanged = () => callback([], this);
      }
      observe = () => frameChanged();
      unobserve = () => undefined;
      disconnect = () => undefined;
    };
    TestBed.configureTestingModule({ providers: [MatchWindow] });
    match = TestBed.inject(MatchWindow);
    desktop = new Desktop();
    match.follow(READY);
    match.resized({ width: 1280, height: 800 });
  });
  afterEach(() => {
    TestBed.resetTestingModule();
    globalThis.ResizeObserver = formerObserver;
    jest.restoreAllMocks();
    jest.useRealTimers();
  });

  const pass = (ms = 250) => jest.advanceTimersByTimeAsync(ms);
  const said = () =>
    TestBed.inject(Toasts)
      .all()
      .map(({ text }) => text);
  const refusal = (status: number, code: string, message = code) =>
    new ApiError(status, toUserMessage(status, { code, message }));

  async function matched(): Promise<void> {
    match.choose('match');
    match.live(desktop);
    await pass();
    match.resized({ width: 1440, height: 819 });
    await pass();
  }

  function windowIs(width: number, height: number): void {
    desktop.windowIs(width, height);
    frameChanged();
  }

  it('asks for nothing in the other modes', async () => {
    match.live(desktop);
    match.choose('one-to-one');
    windowIs(900, 700);
    await pass(60_000);
    expect(desktop.asked).toEqual([]);
  });

  it('has the screen take the size of the window when the picture comes, and is content with a rounded one', async () => {
    await matched();
    frameChanged();
    await pass(60_000);
    expect(desktop.asked).toEqual(['1447x819']);
    expect([match.fit(), said()]).toEqual(['match', []]);
  });

  it('asks at once when it is chosen', () => {
    match.live(desktop);
    match.choose('match');
    expect(desktop.asked).toEqual(['1447x819']);
  });

  it('waits for a window that is dragged to rest', async () => {
    await matched();
    for (const width of [1400, 1300, 1200, 1100]) {
      windowIs(width, 700);
      await pass(200);
    }
    expect(desktop.asked).toEqual(['1447x819']);
    await pass(50);
    expect(desktop.asked).toEqual(['1447x819', '1100x700']);
  });

  it('asks for one size at a time, and for the last one in the end', async () => {
    await matched();
    let answer: () => void = () => undefined;
    desktop.answer = () => new Promise((resolve) => (answer = resolve));
    windowIs(1000, 700);
    await pass();
    windowIs(1100, 700);
    await pass(2_000);
    expect(desktop.asked).toEqual(['1447x819', '1000x700']);
    answer();
    await pass();
    expect(desktop.asked).toEqual(['1447x819', '1000x700', '1100x700']);
  });

  it('looks again when the window went back to its size while the screen changed', async () => {
    await matched();
    windowIs(1000, 700);
    await pass();
    windowIs(1447, 819);
    await pass();
    match.resized({ width: 1000, height: 700 });
    await pass();
    expect(desktop.asked).toEqual(['1447x819', '1000x700', '1447x819']);
  });

  it('leaves the desktop to another window until somebody turns to this one', async () => {
    await matched();
    match.resized({ width: 1000, height: 700 });
    await pass(60_000);
    expect(desktop.asked).toEqual(['1447x819']);
    window.dispatchEvent(new Event('focus'));
    await pass();
    expect(desktop.asked).toEqual(['1447x819', '1447x819']);
  });

  it.each([
    ['without focus', () => (focused = false)],
    ['that is hidden', () => (visible = 'hidden')],
  ])('never asks from a window %s', async (_name, turnAway) => {
    await matched();
    turnAway();
    windowIs(1000, 700);
    match.resized({ width: 1280, height: 800 });
    await pass(60_000);
    expect(desktop.asked).toEqual(['1447x819']);
    [focused, visible] = [true, 'visible'];
    document.dispatchEvent(new Event('visibilitychange'));
    await pass();
    expect(desktop.asked).toEqual(['1447x819', '1000x700']);
  });

  it('gives a guest that restarted its size again, once it is back', async () => {
    await matched();
    match.follow({ ...READY, state: 'STARTING' });
    match.resized({ width: 720, height: 400 });
    match.resized({ width: 1280, height: 800 });
    window.dispatchEvent(new Event('focus'));
    await pass(60_000);
    expect(desktop.asked).toEqual(['1447x819']);
    match.follow(READY);
    await pass();
    expect(desktop.asked).toEqual(['1447x819', '1447x819']);
  });

  it('does so after a reconnect, and not in between', async () => {
    await matched();
    match.leave();
    windowIs(1000, 700);
    await pass();
    expect(desktop.asked).toEqual(['1447x819']);
    match.live(desktop);
    await pass();
    expect(desktop.asked).toEqual(['1447x819', '1000x700']);
  });

  it('says in words that a guest cannot, fits, and keeps the choice for other desktops', async () => {
    desktop.answer = () => Promise.reject(refusal(409, 'DISPLAY_FIXED', 'This desktop cannot do that.'));
    await matched();
    expect([match.fit(), desktop.stayed, said()]).toEqual(['fit', 1, ['This desktop cannot do that.']]);
    windowIs(1000, 700);
    await pass(60_000);
    expect(desktop.asked).toHaveLength(1);
    expect(localStorage.getItem('beamdesk.picture')).toBe('match');
  });

  it('says so too of a guest that never follows', async () => {
    match.choose('match');
    match.live(desktop);
    await pass(39_000);
    expect([match.fit(), desktop.asked.length]).toEqual(['match', 1]);
    await pass(1_250);
    expect([match.fit(), desktop.stayed]).toEqual(['fit', 1]);
    expect(said()).toEqual([expect.stringContaining('does not follow')]);
  });

  it('tries again what may go better, and not for ever', async () => {
    desktop.answer = () => Promise.reject(refusal(409, 'NOT_READY'));
    match.choose('match');
    match.live(desktop);
    await pass();
    await pass(5_000);
    expect([desktop.asked.length, match.fit(), said()]).toEqual([2, 'match', []]);
    await pass(60_000);
    expect([desktop.asked.length, match.fit(), desktop.stayed]).toEqual([3, 'fit', 1]);
  });

  it('is not for who only looks on', async () => {
    match.follow({ ...READY, role: 'GUEST' });
    await matched();
    expect([match.possible(), match.fit(), desktop.asked]).toEqual([false, 'fit', []]);
  });

  it('is what this browser showed desktops with last', () => {
    match.choose('match');
    TestBed.resetTestingModule();
    TestBed.configureTestingModule({ providers: [MatchWindow] });
    expect(TestBed.inject(MatchWindow).fit()).toBe('match');
  });

  it('fits what the browser did not keep, or kept wrongly', () => {
    localStorage.setItem('beamdesk.picture', 'upside-down');
    TestBed.resetTestingModule();
    TestBed.configureTestingModule({ providers: [MatchWindow] });
    expect(TestBed.inject(MatchWindow).fit()).toBe('fit');
  });
});

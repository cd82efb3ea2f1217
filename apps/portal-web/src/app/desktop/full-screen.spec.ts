import { DOCUMENT } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { FullScreen } from './full-screen';

/** A document that goes full screen on demand, with a keyboard that may be locked. */
class WillingDocument extends EventTarget {
  readonly done: string[] = [];
  fullscreenEnabled = true;
  fullscreenElement: unknown = null;
  refusesFullScreen = false;
  refusesLock = false;
  readonly documentElement = {
    requestFullscreen: async () => {
      if (this.refusesFullScreen) throw new TypeError('no');
      this.show(this.documentElement);
    },
  };
  readonly defaultView: { navigator: { keyboard?: unknown } } = {
    navigator: {
      keyboard: {
        lock: async () => {
          if (this.refusesLock) throw new DOMException('no', 'InvalidAccessError');
          this.done.push('lock');
        },
        unlock: () => this.done.push('unlock'),
      },
    },
  };

  async exitFullscreen(): Promise<void> {
    this.show(null);
  }

  show(element: unknown): void {
    this.fullscreenElement = element;
    this.dispatchEvent(new Event('fullscreenchange'));
  }
}

describe('FullScreen', () => {
  let document: WillingDocument;
  let screen: FullScreen;

  beforeEach(() => {
    document = new WillingDocument();
    TestBed.configureTestingModule({ providers: [FullScreen, { provide: DOCUMENT, useValue: document }] });
    screen = TestBed.inject(FullScreen);
  });
  afterEach(() => TestBed.resetTestingModule());

  it('locks the keyboard with full screen and gives it back with the end of it', async () => {
    expect([await screen.toggle(), screen.active()]).toEqual([true, true]);
    expect([await screen.toggle(), screen.active()]).toEqual([false, false]);
    expect(document.done).toEqual(['lock', 'unlock']);
  });

  it('gives the keyboard back however full screen ends', async () => {
    await screen.toggle();
    document.show(null);
    expect([document.done, screen.active()]).toEqual([['lock', 'unlock'], false]);
  });

  it('is full screen without the lock where there is none, or it is refused', async () => {
    document.refusesLock = true;
    expect([await screen.toggle(), screen.active()]).toEqual([false, true]);
    document.show(null);
    document.defaultView.navigator = {};
    expect([await screen.toggle(), screen.active()]).toEqual([false, true]);
  });

  it('stays as it is where full screen is refused', async () => {
    document.refusesFullScreen = true;
    expect([await screen.toggle(), screen.active()]).toEqual([false, false]);
  });

  it('ends with the page', async () => {
    await screen.toggle();
    TestBed.resetTestingModule();
    expect(document.fullscreenElement).toBeNull();
    expect(document.done).toContain('unlock');
  });
});

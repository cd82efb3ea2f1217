import { DOCUMENT, DestroyRef, Injectable, inject, signal } from '@angular/core';

/** The Keyboard Lock of Chromium, which the type library does not know. */
interface LockableKeyboard {
  lock(): Promise<void>;
  unlock(): void;
}

/**
 * The whole document in full screen, so that toolbar and dialogs come along. Where the browser can lock the keyboard,
 * Alt-Tab, Escape and the like go to the desktop too.
 */
@Injectable()
export class FullScreen {
  private readonly document = inject(DOCUMENT);
  private readonly shown = signal(false);

  readonly active = this.shown.asReadonly();

  constructor() {
    const look = () => {
      this.shown.set(Boolean(this.document.fullscreenElement));
      if (!this.shown()) this.keyboard?.unlock();
    };
    this.document.addEventListener('fullscreenchange', look);
    inject(DestroyRef).onDestroy(() => {
      this.document.removeEventListener('fullscreenchange', look);
      this.keyboard?.unlock();
      if (this.shown()) void this.document.exitFullscreen().catch(() => undefined);
    });
  }

  /** False where a browser has no full screen for pages (telephones). */
  get possible(): boolean {
    return this.document.fullscreenEnabled;
  }

  /** Enters or leaves; says whether the keyboard is locked now. To be called from a click. */
  async toggle(): Promise<boolean> {
    if (this.document.fullscreenElement) {
      await this.document.exitFullscreen().catch(() => undefined);
      return false;
    }
    try {
      await this.document.documentElement.requestFullscreen();
      if (!this.keyboard) return false;
      await this.keyboard.lock();
      return true;
    } catch {
      // Refused: full screen without the keyboard, or no full screen. Either is seen at once.
      return false;
    }
  }

  private get keyboard(): LockableKeyboard | undefined {
    const navigator = this.document.defaultView?.navigator as (Navigator & { keyboard?: LockableKeyboard }) | undefined;
    return navigator?.keyboard;
  }
}

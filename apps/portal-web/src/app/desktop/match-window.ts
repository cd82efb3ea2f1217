import { DOCUMENT, DestroyRef, Injectable, computed, inject, signal } from '@angular/core';
import type { InstanceView } from '@beamdesk/contracts';
import { ApiError } from '../api/api-error';
import { Toasts } from '../shell/toasts.store';
import { ScreenSize, hasSize, matchingSize } from './best-size';
import { looksOn } from './looks-on';
import { PictureMemory } from './picture-memory';
import type { DisplayFit } from './remote-display/remote-display';

/** A desktop whose picture is on the screen. */
export interface MatchedDesktop {
  /** What its screen is to fill. */
  readonly frame: HTMLElement;
  /** Asks for a size of its screen; rejects with an ApiError when it cannot be had. */
  ask(size: ScreenSize): Promise<void>;
  /** It does not follow: its picture is to be fitted. */
  stays(): void;
}

/** A window that is being dragged is waited for to rest. */
const REST_MS = 250;
/** Guests under emulation on a busy host were seen to take 20 s; one that has not begun by then never will. */
const PATIENCE_MS = 40_000;
const RETRY_MS = 5_000;
const TRIES = 3;

const STAYS = 'The desktop does not follow the size of your window, so its picture is fitted into it.';

/**
 * Has the desktop's screen follow the window, where the person wants it. Asked for when the window came to rest, when
 * the picture came, when the guest is back, and when the person comes back to this window; never because the screen
 * took another size by itself, nor by a page that nobody looks at. So of several windows on one desktop the last one
 * that somebody turned to decides, and none answers another.
 */
@Injectable()
export class MatchWindow {
  private readonly document = inject(DOCUMENT);
  private readonly toasts = inject(Toasts);
  private readonly memory = inject(PictureMemory);
  private readonly chosen = signal<DisplayFit>(this.memory.recall());
  private readonly viewer = signal(false);
  private readonly observer = new ResizeObserver(() => this.look());
  private desktop: MatchedDesktop | undefined;
  private ready = false;
  private screen: ScreenSize = { width: 0, height: 0 };
  /** What was asked for and has not come yet. */
  private awaited: ScreenSize | undefined;
  private asking = false;
  private failures = 0;
  private rest: ReturnType<typeof setTimeout> | undefined;
  private patience: ReturnType<typeof setTimeout> | undefined;

  /** Who may only look on may not change the desktop's screen. */
  readonly possible = computed(() => !this.viewer());
  readonly fit = computed<DisplayFit>(() => (this.chosen() === 'match' && this.viewer() ? 'fit' : this.chosen()));

  constructor() {
    const look = () => this.look();
    const view = this.document.defaultView;
    // `resize` also tells of another density: the window on another screen.
    for (const event of ['focus', 'resize']) view?.addEventListener(event, look);
    this.document.addEventListener('visibilitychange', look);
    inject(DestroyRef).onDestroy(() => {
      this.leave();
      for (const event of ['focus', 'resize']) view?.removeEventListener(event, look);
      this.document.removeEventListener('visibilitychange', look);
    });
  }

  /** The person's own choice; kept for the next desktop of this browser. */
  choose(fit: DisplayFit): void {
    this.memory.keep(fit);
    this.chosen.set(fit);
    this.forget();
    void this.match();
  }

  /** What is known of the desktop now; a guest that restarted has forgotten its size. */
  follow(instance: Pick<InstanceView, 'role' | 'state'> | undefined): void {
    this.viewer.set(instance !== undefined && looksOn(instance));
    const ready = instance?.state === 'READY';
    if (ready && !this.ready) this.look();
    this.ready = ready;
  }

  /** The desktop's picture is on the screen. */
  live(desktop: MatchedDesktop): void {
    this.leave();
    this.desktop = desktop;
    this.observer.observe(desktop.frame);
    this.look();
  }

  /** The connection is over; the next one begins with a size of its own. */
  leave(): void {
    this.desktop = undefined;
    this.observer.disconnect();
    clearTimeout(this.rest);
    this.forget();
  }

  /** The desktop's screen has this size now, whoever wanted it. */
  resized(screen: ScreenSize): void {
    this.screen = screen;
    clearTimeout(this.patience);
    if (!this.awaited || !hasSize(screen, this.awaited)) return;
    // The window may have got another size while the screen took this one.
    this.awaited = undefined;
    this.look();
  }

  private look(): void {
    this.failures = 0;
    this.after(REST_MS);
  }

  private after(ms: number): void {
    clearTimeout(this.rest);
    this.rest = setTimeout(() => void this.match(), ms);
  }

  private forget(): void {
    clearTimeout(this.patience);
    this.awaited = undefined;
    this.failures = 0;
  }

  private async match(): Promise<void> {
    const { desktop } = this;
    const wish = desktop && this.wish(desktop.frame);
    if (!desktop || !wish || hasSize(this.screen, wish)) return;
    // One wish at a time: the window is looked at again after its answer.
    if (this.asking) return this.after(REST_MS);
    this.asking = true;
    this.awaited = wish;
    clearTimeout(this.patience);
    this.patience = setTimeout(() => this.giveUp(STAYS), PATIENCE_MS);
    try {
      await desktop.ask(wish);
      this.failures = 0;
    } catch (error) {
      if (desktop === this.desktop) this.refused(error);
    } finally {
      this.asking = false;
    }
  }

  /** The size that the screen should have now; null: nobody here wants any. */
  private wish(frame: HTMLElement): ScreenSize | null {
    const attended = this.document.visibilityState === 'visible' && this.document.hasFocus();
    if (!attended || !this.ready || this.fit() !== 'match') return null;
    return matchingSize(frame, this.document.defaultView?.devicePixelRatio ?? 1);
  }

  private refused(error: unknown): void {
    clearTimeout(this.patience);
    if (error instanceof ApiError && (error.code === 'DISPLAY_FIXED' || error.code === 'NOT_ALLOWED')) {
      this.giveUp(error.user.text);
    } else if (++this.failures < TRIES) this.after(RETRY_MS);
    else this.giveUp(STAYS);
  }

  /** For this page only: what the person chose is kept for other desktops. */
  private giveUp(words: string): void {
    this.forget();
    if (this.fit() !== 'match') return;
    this.chosen.set('fit');
    this.desktop?.stays();
    this.toasts.info(words);
  }
}

import { Injectable, InjectionToken, inject } from '@angular/core';

/** Loads the code of the desktop page and of its display, all at once instead of one after the other. */
export const LOAD_DESKTOP_CHUNKS = new InjectionToken<() => Promise<unknown>>('LOAD_DESKTOP_CHUNKS', {
  providedIn: 'root',
  factory: () => () =>
    Promise.all([
      import('./desktop.routes'),
      import('./desktop-page'),
      import('./remote-display/guacamole-connection'),
    ]),
});

/** Has the desktop page at hand before it is opened: called when somebody comes near a button that leads to it. */
@Injectable({ providedIn: 'root' })
export class DesktopChunks {
  private readonly load = inject(LOAD_DESKTOP_CHUNKS);
  private asked = false;

  /** Costs nothing after the first time; a failed load (network cut) is tried again with the next call. */
  prefetch(): void {
    if (this.asked) return;
    this.asked = true;
    void this.load().catch(() => (this.asked = false));
  }
}

import { setupZonelessTestEnv } from 'jest-preset-angular/setup-env/zoneless';

setupZonelessTestEnv({ errorOnUnknownElements: true, errorOnUnknownProperties: true });

/** The test's document lays nothing out: nothing in it ever changes its size by itself. */
class StillObserver implements ResizeObserver {
  observe(): void {
    // Nothing to tell.
  }
  unobserve(): void {
    // Nothing to tell.
  }
  disconnect(): void {
    // Nothing to tell.
  }
}
globalThis.ResizeObserver ??= StillObserver;

import { DestroyRef, afterNextRender, inject } from '@angular/core';

/**
 * Runs `action` once the component is on the page and then every second, for as long as it lives. Nothing of Angular's
 * is told: an action that writes to no signal causes no change detection.
 */
export function everySecond(action: () => void): void {
  let timer: ReturnType<typeof setInterval> | undefined;
  afterNextRender(() => {
    action();
    timer = setInterval(action, 1000);
  });
  inject(DestroyRef).onDestroy(() => clearInterval(timer));
}

import { Signal, effect, signal } from '@angular/core';

/**
 * Follows `source` once it has not changed for `ms`: for what is read aloud, so that steps that last a moment are seen
 * but not spoken. `undefined` until the first value has lasted. Needs an injection context.
 */
export function settled<T>(source: Signal<T>, ms: number): Signal<T | undefined> {
  const last = signal<T | undefined>(undefined);
  effect((onCleanup) => {
    const value = source();
    const timer = setTimeout(() => last.set(value), ms);
    onCleanup(() => clearTimeout(timer));
  });
  return last.asReadonly();
}

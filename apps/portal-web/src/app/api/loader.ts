import { DestroyRef, Signal, computed, inject, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { Observable, Subject, catchError, finalize, map, of, startWith, switchMap } from 'rxjs';
import { messageOf } from './api-error';
import { UserMessage } from './user-message';

/** After this a page says that it is still waiting. */
const SLOW_MS = 3000;

/** One thing a page loads, in the states every page shows. The last value stays while the next one loads. */
export interface Loader<Q, T> {
  readonly value: Signal<T | undefined>;
  readonly loading: Signal<boolean>;
  /** Loading for more than 3 s. */
  readonly slow: Signal<boolean>;
  readonly error: Signal<UserMessage | undefined>;
  /** A later call cancels an earlier one that has not answered. */
  load(query: Q): void;
  /** The same query again. */
  retry(): void;
  update(change: (value: T) => T): void;
}

type Outcome<T> = { value: T } | { error: UserMessage } | 'loading';

/** Makes a loader that ends with the component or service it is made in. */
export function createLoader<Q, T>(fetch: (query: Q) => Observable<T>): Loader<Q, T> {
  const value = signal<T | undefined>(undefined);
  const outcome = signal<Outcome<T> | undefined>(undefined);
  const slow = signal(false);
  const queries = new Subject<Q>();
  let latest: { query: Q } | undefined;

  queries
    .pipe(
      switchMap((query) => {
        slow.set(false);
        const timer = setTimeout(() => slow.set(true), SLOW_MS);
        return fetch(query).pipe(
          map((answer): Outcome<T> => ({ value: answer })),
          catchError((error: unknown) => of<Outcome<T>>({ error: messageOf(error) })),
          finalize(() => clearTimeout(timer)),
          startWith<Outcome<T>>('loading'),
        );
      }),
      takeUntilDestroyed(inject(DestroyRef)),
    )
    .subscribe((next) => {
      outcome.set(next);
      if (next !== 'loading') slow.set(false);
      if (next !== 'loading' && 'value' in next) value.set(next.value);
    });

  const load = (query: Q) => {
    latest = { query };
    queries.next(query);
  };
  return {
    value: value.asReadonly(),
    slow: slow.asReadonly(),
    loading: computed(() => outcome() === 'loading'),
    error: computed(() => {
      const last = outcome();
      return last !== undefined && last !== 'loading' && 'error' in last ? last.error : undefined;
    }),
    load,
    retry: () => {
      if (latest) load(latest.query);
    },
    update: (change) => value.update((current) => (current === undefined ? current : change(current))),
  };
}

import { DOCUMENT, DestroyRef, Signal, computed, inject, signal } from '@angular/core';
import { Observable, finalize, map, tap } from 'rxjs';
import { Loader, createLoader } from './loader';

const AGAIN_MS = 15_000;

/** A list that others change too: asked for again, every 15 s where nothing else is said, not while nobody sees the page. */
export interface WatchedList<Q, T> {
  /** Which of them are shown. */
  readonly query: Signal<Q>;
  readonly loader: Pick<Loader<Q, unknown>, 'loading' | 'slow' | 'error'>;
  /** Undefined until the ones that are wanted are there. */
  readonly page: Signal<T | undefined>;
  show(query: Q): void;
  /** Now, and from then on again and again. */
  load(): void;
}

/**
 * Makes a list that ends with the component or service it is made in.
 * @param againMs how soon to ask again after an answer; undefined: it failed
 */
export function createWatchedList<Q, T>(
  first: Q,
  fetch: (query: Q) => Observable<T>,
  againMs: (answer: T | undefined) => number = () => AGAIN_MS,
): WatchedList<Q, T> {
  const document = inject(DOCUMENT);
  const query = signal(first);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const visible = () => document.visibilityState === 'visible';
  // After every answer, failed ones included.
  const schedule = (answer: T | undefined) => {
    clearTimeout(timer);
    if (visible()) timer = setTimeout(load, againMs(answer));
  };
  const loader = createLoader((asked: Q) => {
    let answer: T | undefined;
    return fetch(asked).pipe(
      tap((page) => (answer = page)),
      map((page) => ({ asked, page })),
      finalize(() => schedule(answer)),
    );
  });
  const load = () => {
    clearTimeout(timer);
    loader.load(query());
  };
  const destroyed = new AbortController();
  document.addEventListener('visibilitychange', () => (visible() ? load() : clearTimeout(timer)), {
    signal: destroyed.signal,
  });
  inject(DestroyRef).onDestroy(() => {
    destroyed.abort();
    clearTimeout(timer);
  });
  load();
  return {
    query: query.asReadonly(),
    loader,
    page: computed(() => {
      const answer = loader.value();
      return answer !== undefined && answer.asked === query() ? answer.page : undefined;
    }),
    show: (wanted) => {
      query.set(wanted);
      load();
    },
    load,
  };
}

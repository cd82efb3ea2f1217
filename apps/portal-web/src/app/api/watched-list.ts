import { DOCUMENT, DestroyRef, Signal, computed, inject, signal } from '@angular/core';
import { Observable, finalize, map } from 'rxjs';
import { Loader, createLoader } from './loader';

const AGAIN_MS = 15_000;

/** A list that others change too: asked for again every 15 s, not while nobody sees the page. */
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

/** Makes a list that ends with the component or service it is made in. */
export function createWatchedList<Q, T>(first: Q, fetch: (query: Q) => Observable<T>): WatchedList<Q, T> {
  const document = inject(DOCUMENT);
  const query = signal(first);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const visible = () => document.visibilityState === 'visible';
  // After every answer, failed ones included.
  const schedule = () => {
    clearTimeout(timer);
    if (visible()) timer = setTimeout(load, AGAIN_MS);
  };
  const loader = createLoader((asked: Q) =>
    fetch(asked).pipe(
      map((page) => ({ asked, page })),
      finalize(schedule),
    ),
  );
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
      return answer?.asked === query() ? answer.page : undefined;
    }),
    show: (wanted) => {
      query.set(wanted);
      load();
    },
    load,
  };
}

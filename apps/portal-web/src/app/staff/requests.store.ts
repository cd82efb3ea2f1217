import { DOCUMENT, DestroyRef, Injectable, computed, inject, signal } from '@angular/core';
import { finalize, map } from 'rxjs';
import { AuthorisationApi } from '../api/authorisation.api';
import { createLoader } from '../api/loader';

const AGAIN_MS = 15_000;

/** Requests for authorisation, open or decided; asked for again every 15 s, not while nobody sees the page. */
@Injectable()
export class RequestsStore {
  private readonly api = inject(AuthorisationApi);
  private readonly document = inject(DOCUMENT);
  private readonly chosen = signal<'open' | 'decided'>('open');
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** Which of them are shown. */
  readonly state = this.chosen.asReadonly();
  readonly list = createLoader((state: 'open' | 'decided') =>
    this.api.requests(state).pipe(
      map((page) => ({ state, page })),
      finalize(() => this.schedule()),
    ),
  );
  /** Undefined until the ones that are wanted are there. */
  readonly page = computed(() => {
    const answer = this.list.value();
    return answer?.state === this.state() ? answer.page : undefined;
  });

  constructor() {
    const destroyed = new AbortController();
    const look = () => (this.visible() ? this.load() : clearTimeout(this.timer));
    this.document.addEventListener('visibilitychange', look, { signal: destroyed.signal });
    inject(DestroyRef).onDestroy(() => {
      destroyed.abort();
      clearTimeout(this.timer);
    });
    this.load();
  }

  show(state: 'open' | 'decided'): void {
    this.chosen.set(state);
    this.load();
  }

  /** Now, and from then on again and again. */
  load(): void {
    clearTimeout(this.timer);
    this.list.load(this.chosen());
  }

  /** After every answer, failed ones included. */
  private schedule(): void {
    clearTimeout(this.timer);
    if (this.visible()) this.timer = setTimeout(() => this.load(), AGAIN_MS);
  }

  private visible(): boolean {
    return this.document.visibilityState === 'visible';
  }
}

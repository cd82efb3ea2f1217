import { DOCUMENT, DestroyRef, Injectable, inject } from '@angular/core';
import { Observable, Subject } from 'rxjs';

const TICK_MS = 5000;
/** A timer that comes this late was not running: the computer slept or the tab was frozen. */
const SLEPT_MS = 15_000;

/** Tells when the page may have missed something: after sleep, back in view, back from the cache, back online. */
@Injectable({ providedIn: 'root' })
export class Wake {
  private readonly woken = new Subject<void>();
  readonly wakes: Observable<void> = this.woken.asObservable();

  constructor() {
    const document = inject(DOCUMENT);
    const destroyed = new AbortController();
    const { signal } = destroyed;
    const wake = () => this.woken.next();
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && wake(), { signal });
    document.defaultView?.addEventListener('online', wake, { signal });
    document.defaultView?.addEventListener('pageshow', (event) => event.persisted && wake(), { signal });
    let last = Date.now();
    const timer = setInterval(() => {
      const now = Date.now();
      if (now - last > SLEPT_MS) wake();
      last = now;
    }, TICK_MS);
    inject(DestroyRef).onDestroy(() => {
      clearInterval(timer);
      destroyed.abort();
    });
  }
}

import { DestroyRef, Injectable, inject, signal } from '@angular/core';

/** Below this a difference is the coarse `Date` header and the way of the answer, not a wrong clock. */
const TOLERANCE_MS = 3000;

/** The server's time, ticking once a second; every "since" and countdown of the pages reads it. */
@Injectable({ providedIn: 'root' })
export class Clock {
  private offset = 0;
  private readonly tick = signal(Date.now());

  /** Milliseconds since 1970 by the server's clock. */
  readonly now = this.tick.asReadonly();

  constructor() {
    const timer = setInterval(() => this.tick.set(Date.now() + this.offset), 1000);
    inject(DestroyRef).onDestroy(() => clearInterval(timer));
  }

  /** Notes the server's time as an HTTP date; anything unreadable is ignored. */
  sync(date: string | null): void {
    const server = date === null ? Number.NaN : Date.parse(date);
    if (Number.isNaN(server)) return;
    const offset = server - Date.now();
    this.offset = Math.abs(offset) > TOLERANCE_MS ? offset : 0;
  }
}

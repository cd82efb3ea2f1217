import { DestroyRef, Injectable, computed, inject, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import type { AnnouncementsView, AnnouncementView } from '@beamdesk/contracts';
import { filter, firstValueFrom, merge } from 'rxjs';
import { AnnouncementsApi } from './announcements.api';
import { Clock } from './clock';
import { EventsClient } from './events.client';
import { Wake } from './wake';

/** Where nothing is pushed (before the sign-in), and in case a push was lost. */
const AGAIN_MS = 5 * 60_000;
const LONGEST_MS = 2 ** 31 - 1;

/** What the facility announces now. Pushed to who is signed in; what comes and goes by the clock is asked for at its time. */
@Injectable({ providedIn: 'root' })
export class AnnouncementsStore {
  private readonly api = inject(AnnouncementsApi);
  private readonly clock = inject(Clock);
  private readonly shown = signal<readonly AnnouncementView[]>([]);
  private readonly events = inject(EventsClient).events;
  private readonly wake = inject(Wake);
  private readonly destroyRef = inject(DestroyRef);
  private timer: ReturnType<typeof setTimeout> | undefined;

  readonly items = this.shown.asReadonly();
  /** No desktops are started now, except by administrators; undefined: they are. */
  readonly maintenance = computed(() =>
    this.shown().find(({ kind, startsAt }) => kind === 'maintenance' && Date.parse(startsAt) <= this.clock.now()),
  );

  /** For the life of the page; once. Until then nothing is announced. */
  start(): void {
    merge(this.events.pipe(filter(({ type }) => type === 'announcements' || type === 'snapshot')), this.wake.wakes)
      .pipe(takeUntilDestroyed(this.destroyRef))
      .subscribe(() => void this.load());
    this.destroyRef.onDestroy(() => clearTimeout(this.timer));
    void this.load();
  }

  /** A failure leaves what is shown: the page has better things to complain about. */
  async load(): Promise<void> {
    clearTimeout(this.timer);
    let next: AnnouncementsView | undefined;
    try {
      next = await firstValueFrom(this.api.current());
      this.shown.set(next.items);
    } catch {
      next = undefined;
    }
    const ahead = next?.changesAt ? Date.parse(next.changesAt) - this.clock.now() + 500 : AGAIN_MS;
    this.timer = setTimeout(() => void this.load(), Math.min(Math.max(ahead, 1000), AGAIN_MS, LONGEST_MS));
  }
}

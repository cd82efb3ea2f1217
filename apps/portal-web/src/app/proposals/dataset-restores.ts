import { DestroyRef, Injectable, inject } from '@angular/core';
import type { Availability, DatasetView, RestoreView } from '@beamdesk/contracts';
import { firstValueFrom } from 'rxjs';
import { ApiError } from '../api/api-error';
import { ProposalsApi } from '../api/proposals.api';
import { Toasts } from '../shell/toasts.store';

const FIRST_MS = 5_000;
const LONGEST_MS = 60_000;

type Show = (availability: Availability) => void;

/**
 * Asks for datasets back from the archive, and looks how that stands ever more rarely while the page is open: archives take
 * minutes to hours. Provided by the page, and ends with it; the restore itself goes on.
 */
@Injectable()
export class DatasetRestores {
  private readonly api = inject(ProposalsApi);
  private readonly toasts = inject(Toasts);
  private readonly timers = new Set<ReturnType<typeof setTimeout>>();
  private ended = false;

  constructor() {
    inject(DestroyRef).onDestroy(() => {
      this.ended = true;
      this.timers.forEach((timer) => clearTimeout(timer));
    });
  }

  /** @param show told at once, and whenever it changes */
  async ask(key: string, dataset: DatasetView, show: Show): Promise<void> {
    show('restoring');
    try {
      this.settle(key, dataset, await firstValueFrom(this.api.restore(key, [dataset.id])), FIRST_MS, show);
    } catch (error) {
      show(dataset.availability);
      this.toasts.error(error);
    }
  }

  private settle(key: string, dataset: DatasetView, { id, state }: RestoreView, waitMs: number, show: Show): void {
    if (this.ended) return;
    if (state === 'done') {
      show('online');
      this.toasts.info(`“${dataset.name}” is back from the archive.`);
    } else if (state === 'failed') {
      show('archived');
      this.toasts.info(`The archive could not bring “${dataset.name}” back. Ask the facility.`);
    } else {
      const timer = setTimeout(() => {
        this.timers.delete(timer);
        void this.follow(key, dataset, id, waitMs, show);
      }, waitMs);
      this.timers.add(timer);
    }
  }

  private async follow(key: string, dataset: DatasetView, id: string, waitMs: number, show: Show): Promise<void> {
    const next = Math.min(waitMs * 2, LONGEST_MS);
    try {
      this.settle(key, dataset, await firstValueFrom(this.api.restoreState(key, id)), next, show);
    } catch (error) {
      // Nobody knows of it any longer; anything else may pass.
      if (error instanceof ApiError && error.code === 'NOT_FOUND') show('archived');
      else this.settle(key, dataset, { id, datasets: [], state: 'running' }, next, show);
    }
  }
}

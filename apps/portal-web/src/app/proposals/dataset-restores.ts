import { DestroyRef, Injectable, inject } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import type { Availability, DatasetView, RestoreView } from '@beamdesk/contracts';
import { firstValueFrom } from 'rxjs';
import { EventsClient } from '../api/events.client';
import { ProposalsApi } from '../api/proposals.api';
import { Toasts } from '../shell/toasts.store';

/** A page that shows datasets of one proposal. */
export interface ShowsDatasets {
  key(): string;
  datasets(): readonly DatasetView[];
  show(changed: ReadonlyMap<string, Availability>): void;
}

const AVAILABILITY: Record<RestoreView['state'], Availability> = {
  requested: 'restoring',
  running: 'restoring',
  done: 'online',
  failed: 'archived',
};

/**
 * Asks for datasets back from the archive. How that stands is pushed to every tab of the person; a push that was missed while the
 * connection was away is made up for by looking once. Provided by the page, and ends with it; the restore itself goes on.
 */
@Injectable()
export class DatasetRestores {
  private readonly api = inject(ProposalsApi);
  private readonly events = inject(EventsClient);
  private readonly toasts = inject(Toasts);
  private readonly destroyed = inject(DestroyRef);
  private page: ShowsDatasets | undefined;

  follow(page: ShowsDatasets): void {
    this.page = page;
    this.events.events.pipe(takeUntilDestroyed(this.destroyed)).subscribe((event) => {
      if (event.type === 'restore') this.settle(event.proposalKey, event.restore);
      // A new connection: what changed before it was heard by nobody.
      if (event.type === 'snapshot') void this.lookAgain(page);
    });
  }

  async ask(dataset: DatasetView): Promise<void> {
    const key = this.page?.key() ?? '';
    this.show(key, [dataset.id], 'restoring');
    try {
      this.settle(key, await firstValueFrom(this.api.restore(key, [dataset.id])));
    } catch (error) {
      this.show(key, [dataset.id], dataset.availability);
      this.toasts.error(error);
    }
  }

  private settle(key: string, { datasets, state }: RestoreView): void {
    const names = this.named(key, datasets);
    this.show(key, datasets, AVAILABILITY[state]);
    if (names === '') return;
    if (state === 'done') this.toasts.info(`${names} is back from the archive.`);
    if (state === 'failed') this.toasts.info(`The archive could not bring ${names} back. Ask the facility.`);
  }

  /** Those the page shows as on their way. */
  private named(key: string, ids: readonly string[]): string {
    if (this.page?.key() !== key) return '';
    const known = this.page.datasets().filter(({ id, availability }) => ids.includes(id) && availability === 'restoring');
    return known.map(({ name }) => `“${name}”`).join(', ');
  }

  /** The page may show another proposal by now. */
  private show(key: string, ids: readonly string[], availability: Availability): void {
    if (this.page?.key() === key) this.page.show(new Map(ids.map((id) => [id, availability])));
  }

  private async lookAgain(page: ShowsDatasets): Promise<void> {
    const key = page.key();
    if (!page.datasets().some(({ availability }) => availability === 'restoring')) return;
    // Not heard of now: the next connection tries again.
    const found = await firstValueFrom(this.api.get(key)).catch(() => undefined);
    if (found && page.key() === key) page.show(new Map(found.datasets.map(({ id, availability }) => [id, availability])));
  }
}

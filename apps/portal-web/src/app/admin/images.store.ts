import { Injectable, computed, inject, signal } from '@angular/core';
import type { ImageView } from '@beamdesk/contracts';
import { ImagesApi } from '../api/images.api';
import { createWatchedList } from '../api/watched-list';

const BUSY_MS = 2000;
const QUIET_MS = 15_000;

/** Every image, asked for again every 2 s while one is being taken in. */
@Injectable()
export class ImagesStore {
  private readonly api = inject(ImagesApi);
  private readonly watched = createWatchedList(
    undefined,
    () => this.api.list(),
    (answer) => (answer?.items.some(takingIn) ? BUSY_MS : QUIET_MS),
  );
  private readonly wanted = signal('');

  readonly list = this.watched.loader;
  readonly items = computed(() => this.watched.page()?.items);
  readonly search = this.wanted.asReadonly();
  /** Those with the words in name, id, description or software. */
  readonly found = computed(() => {
    const words = this.wanted().toLowerCase().split(/\s+/).filter(Boolean);
    return this.items()?.filter((image) => words.every((word) => said(image).includes(word)));
  });

  look(search: string): void {
    this.wanted.set(search);
  }

  load(): void {
    this.watched.load();
  }
}

export function takingIn({ versions }: Pick<ImageView, 'versions'>): boolean {
  return versions.some(({ state }) => state === 'importing');
}

function said({ id, name, description, versions }: ImageView): string {
  const software = versions.flatMap((version) => version.software.map((one) => one.name));
  return [id, name, description, ...software].join('\n').toLowerCase();
}

import { Injectable, computed, inject } from '@angular/core';
import type { PeoplePage, PeopleQuery } from '@beamdesk/contracts';
import { PeopleApi } from '../api/people.api';
import { createWatchedList } from '../api/watched-list';

export const PEOPLE_PER_PAGE = 20;

/** People with a login and their roles, page by page. */
@Injectable()
export class PeopleStore {
  private readonly api = inject(PeopleApi);
  private readonly watched = createWatchedList<PeopleQuery, PeoplePage>(
    { show: 'authorised', search: '', offset: 0, limit: PEOPLE_PER_PAGE },
    (query) => this.api.page(query),
  );

  readonly query = this.watched.query;
  readonly list = this.watched.loader;
  readonly page = this.watched.page;
  readonly before = computed(() => this.query().offset > 0);
  readonly after = computed(() => this.query().offset + PEOPLE_PER_PAGE < (this.page()?.total ?? 0));

  /** From the first page on. */
  ask(change: Partial<Pick<PeopleQuery, 'show' | 'search'>>): void {
    this.watched.show({ ...this.query(), ...change, offset: 0 });
  }

  turn(pages: 1 | -1): void {
    const offset = Math.max(0, this.query().offset + pages * PEOPLE_PER_PAGE);
    this.watched.show({ ...this.query(), offset });
  }

  load(): void {
    this.watched.load();
  }
}

import { Injectable, computed, inject } from '@angular/core';
import type { InvitationsPage, InvitationsQuery } from '@beamdesk/contracts';
import { InvitationsApi } from '../api/invitations.api';
import { createWatchedList } from '../api/watched-list';

const PER_PAGE = 20;

/** Invitations: open ones, or those that are used, over or withdrawn, page by page. */
@Injectable()
export class InvitationsStore {
  private readonly api = inject(InvitationsApi);
  private readonly watched = createWatchedList<InvitationsQuery, InvitationsPage>(
    { state: 'open', offset: 0, limit: PER_PAGE },
    (query) => this.api.page(query),
  );

  readonly query = this.watched.query;
  readonly list = this.watched.loader;
  readonly page = this.watched.page;
  readonly before = computed(() => this.query().offset > 0);
  readonly after = computed(() => this.query().offset + PER_PAGE < (this.page()?.total ?? 0));

  show(state: InvitationsQuery['state']): void {
    this.watched.show({ ...this.query(), state, offset: 0 });
  }

  turn(pages: 1 | -1): void {
    this.watched.show({ ...this.query(), offset: Math.max(0, this.query().offset + pages * PER_PAGE) });
  }

  load(): void {
    this.watched.load();
  }
}

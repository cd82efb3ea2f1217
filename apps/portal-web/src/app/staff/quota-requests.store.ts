import { Injectable, computed, inject } from '@angular/core';
import type { QuotaRequestsPage, QuotaRequestsQuery } from '@beamdesk/contracts';
import { QuotaRequestsApi } from '../api/quota-requests.api';
import { createWatchedList } from '../api/watched-list';

const PER_PAGE = 20;

/** Requests for more quota or a longer life, open or decided, page by page. */
@Injectable()
export class QuotaRequestsStore {
  private readonly api = inject(QuotaRequestsApi);
  private readonly watched = createWatchedList<QuotaRequestsQuery, QuotaRequestsPage>(
    { state: 'open', offset: 0, limit: PER_PAGE },
    (query) => this.api.forStaff(query),
  );

  readonly query = this.watched.query;
  readonly list = this.watched.loader;
  readonly page = this.watched.page;
  readonly before = computed(() => this.query().offset > 0);
  readonly after = computed(() => this.query().offset + PER_PAGE < (this.page()?.total ?? 0));

  show(state: QuotaRequestsQuery['state']): void {
    this.watched.show({ ...this.query(), state, offset: 0 });
  }

  turn(pages: 1 | -1): void {
    this.watched.show({ ...this.query(), offset: Math.max(0, this.query().offset + pages * PER_PAGE) });
  }

  load(): void {
    this.watched.load();
  }
}

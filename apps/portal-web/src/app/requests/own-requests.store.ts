import { Injectable, inject } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { filter } from 'rxjs';
import { EventsClient } from '../api/events.client';
import { createLoader } from '../api/loader';
import { QuotaRequestsApi } from '../api/quota-requests.api';

/** The person's own requests; loaded again whenever something about them is pushed, or may have been missed. */
@Injectable()
export class OwnRequestsStore {
  private readonly api = inject(QuotaRequestsApi);
  readonly list = createLoader(() => this.api.own());

  constructor() {
    this.load();
    inject(EventsClient)
      .events.pipe(
        filter(({ type }) => type === 'request' || type === 'snapshot'),
        takeUntilDestroyed(),
      )
      .subscribe(() => this.load());
  }

  load(): void {
    this.list.load(undefined);
  }
}

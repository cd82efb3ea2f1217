import { Injectable, inject } from '@angular/core';
import type { RequestsPage } from '@beamdesk/contracts';
import { AuthorisationApi } from '../api/authorisation.api';
import { createWatchedList } from '../api/watched-list';

type State = 'open' | 'decided';

/** Requests for authorisation, open or decided. */
@Injectable()
export class RequestsStore {
  private readonly api = inject(AuthorisationApi);
  private readonly watched = createWatchedList<State, RequestsPage>('open', (state) => this.api.requests(state));

  readonly state = this.watched.query;
  readonly list = this.watched.loader;
  readonly page = this.watched.page;

  show(state: State): void {
    this.watched.show(state);
  }

  load(): void {
    this.watched.load();
  }
}

import { HttpClient, HttpParams } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import type { ProposalDetail, ProposalSort, ProposalsPage, RestoreView } from '@beamdesk/contracts';
import { Observable } from 'rxjs';

/** One page of the list: what `GET /api/proposals` takes. */
export interface ProposalsRequest {
  readonly search: string;
  readonly sort: ProposalSort;
  /** Only the starred ones. */
  readonly favourites: boolean;
  readonly offset: number;
  readonly limit: number;
}

/** `/api/proposals`. Every failure is an `ApiError`. */
@Injectable({ providedIn: 'root' })
export class ProposalsApi {
  private readonly http = inject(HttpClient);

  list({ search, sort, favourites, offset, limit }: ProposalsRequest): Observable<ProposalsPage> {
    const params = new HttpParams({ fromObject: { search, sort, favourites, offset, limit } });
    return this.http.get<ProposalsPage>('/api/proposals', { params });
  }

  get(key: string): Observable<ProposalDetail> {
    return this.http.get<ProposalDetail>(`/api/proposals/${encodeURIComponent(key)}`);
  }

  setFavourite(key: string, favourite: boolean): Observable<void> {
    const url = `/api/proposals/${encodeURIComponent(key)}/favourite`;
    return favourite ? this.http.put<void>(url, {}) : this.http.delete<void>(url);
  }

  /** Asks the archive for datasets of the proposal. */
  restore(key: string, datasets: string[]): Observable<RestoreView> {
    return this.http.post<RestoreView>(`/api/proposals/${encodeURIComponent(key)}/restores`, { datasets });
  }
}

import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import type {
  QuotaRequestDecision,
  QuotaRequestsPage,
  QuotaRequestsQuery,
  QuotaRequestView,
  QuotaRequestWish,
} from '@beamdesk/contracts';
import { Observable } from 'rxjs';

/** `/api/quota-requests`: one's own, and for staff those they decide. */
@Injectable({ providedIn: 'root' })
export class QuotaRequestsApi {
  private readonly http = inject(HttpClient);

  own(): Observable<QuotaRequestView[]> {
    return this.http.get<QuotaRequestView[]>('/api/quota-requests');
  }

  make(wish: QuotaRequestWish): Observable<QuotaRequestView> {
    return this.http.post<QuotaRequestView>('/api/quota-requests', wish);
  }

  withdraw(id: string): Observable<QuotaRequestView> {
    return this.http.post<QuotaRequestView>(`/api/quota-requests/${encodeURIComponent(id)}/withdrawal`, {});
  }

  forStaff(query: QuotaRequestsQuery): Observable<QuotaRequestsPage> {
    return this.http.get<QuotaRequestsPage>('/api/quota-requests/for-staff', { params: { ...query } });
  }

  decide(id: string, decision: QuotaRequestDecision): Observable<void> {
    return this.http.post<void>(`/api/quota-requests/${encodeURIComponent(id)}/decision`, decision);
  }
}

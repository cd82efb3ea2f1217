import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import type { AuthorisationWish, OwnAuthorisationView, RequestDecision, RequestsPage } from '@beamdesk/contracts';
import { Observable } from 'rxjs';

/** `/api/authorisation`: one's own, and `/api/authorisation-requests`: those of others, for who decides about them. */
@Injectable({ providedIn: 'root' })
export class AuthorisationApi {
  private readonly http = inject(HttpClient);

  own(): Observable<OwnAuthorisationView> {
    return this.http.get<OwnAuthorisationView>('/api/authorisation');
  }

  /** Has the catalogues asked again whether they know this account. */
  check(): Observable<OwnAuthorisationView> {
    return this.http.post<OwnAuthorisationView>('/api/authorisation/check', {});
  }

  /** Asks to be let in, or changes what was asked. */
  ask(wish: AuthorisationWish): Observable<OwnAuthorisationView> {
    return this.http.put<OwnAuthorisationView>('/api/authorisation/request', wish);
  }

  withdraw(): Observable<OwnAuthorisationView> {
    return this.http.delete<OwnAuthorisationView>('/api/authorisation/request');
  }

  requests(state: 'open' | 'decided'): Observable<RequestsPage> {
    return this.http.get<RequestsPage>('/api/authorisation-requests', { params: { state, limit: 100 } });
  }

  decide(id: string, decision: RequestDecision): Observable<void> {
    return this.http.post<void>(`/api/authorisation-requests/${encodeURIComponent(id)}/decision`, decision);
  }
}

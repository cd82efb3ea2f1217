import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import type {
  InvitationOffer,
  InvitationsPage,
  InvitationsQuery,
  InvitationWish,
  MadeInvitation,
  OwnAuthorisationView,
} from '@beamdesk/contracts';
import { Observable } from 'rxjs';

/** `/api/invitations`, for who may invite; `/api/auth/invitation` and `/api/authorisation/invitation`, for who is. */
@Injectable({ providedIn: 'root' })
export class InvitationsApi {
  private readonly http = inject(HttpClient);

  page(query: InvitationsQuery): Observable<InvitationsPage> {
    return this.http.get<InvitationsPage>('/api/invitations', { params: { ...query } });
  }

  make(wish: InvitationWish): Observable<MadeInvitation> {
    return this.http.post<MadeInvitation>('/api/invitations', wish);
  }

  withdraw(id: string): Observable<void> {
    return this.http.delete<void>(`/api/invitations/${encodeURIComponent(id)}`);
  }

  /** Before the sign-in: the api keeps the code, so that no address and no storage has to. */
  handIn(code: string): Observable<void> {
    return this.http.post<void>('/api/auth/invitation', { code });
  }

  /** What is offered by the code that was handed in last. */
  offer(): Observable<InvitationOffer> {
    return this.http.get<InvitationOffer>('/api/authorisation/invitation');
  }

  accept(): Observable<OwnAuthorisationView> {
    return this.http.post<OwnAuthorisationView>('/api/authorisation/invitation/acceptance', {});
  }

  putAway(): Observable<void> {
    return this.http.delete<void>('/api/authorisation/invitation');
  }
}

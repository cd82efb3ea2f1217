import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import type { AuditPage, PeoplePage, PeopleQuery, RoleChange, RoleGrant } from '@beamdesk/contracts';
import { Observable } from 'rxjs';

/** `/api/people` and `/api/authorisations`: people with a login and their roles, for who decides about them. */
@Injectable({ providedIn: 'root' })
export class PeopleApi {
  private readonly http = inject(HttpClient);

  page(query: PeopleQuery): Observable<PeoplePage> {
    return this.http.get<PeoplePage>('/api/people', { params: { ...query } });
  }

  /** What the audit says about somebody, newest first; `before` as `next` of the page before. */
  history(id: string, before?: string): Observable<AuditPage> {
    const params: Record<string, string> = before === undefined ? {} : { before };
    return this.http.get<AuditPage>(`/api/people/${encodeURIComponent(id)}/history`, { params });
  }

  grant(id: string, grant: RoleGrant): Observable<void> {
    return this.http.post<void>(`/api/people/${encodeURIComponent(id)}/roles`, grant);
  }

  change(role: string, change: RoleChange): Observable<void> {
    return this.http.put<void>(`/api/authorisations/${encodeURIComponent(role)}`, change);
  }

  /** Takes a role back; the person reads the reason. */
  end(role: string, reason: string): Observable<void> {
    return this.http.post<void>(`/api/authorisations/${encodeURIComponent(role)}/end`, { reason });
  }
}

import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import type { OverrideOrder, QuotaSubject, QuotasPage, QuotasQuery, SubjectDetail } from '@beamdesk/contracts';
import { Observable } from 'rxjs';

type Subject = Pick<QuotaSubject, 'kind' | 'id'>;

/** `/api/quotas`: limits of people, proposals, beamlines and the site, for who decides about them. */
@Injectable({ providedIn: 'root' })
export class QuotasApi {
  private readonly http = inject(HttpClient);

  page(query: QuotasQuery): Observable<QuotasPage> {
    return this.http.get<QuotasPage>('/api/quotas', { params: { ...query } });
  }

  detail(subject: Subject): Observable<SubjectDetail> {
    return this.http.get<SubjectDetail>(pathOf(subject));
  }

  /** Other limits for a time. */
  order(subject: Subject, order: OverrideOrder): Observable<void> {
    return this.http.post<void>(`${pathOf(subject)}/overrides`, order);
  }

  /** Ends one before its time. */
  end(subject: Subject, override: string): Observable<void> {
    return this.http.delete<void>(`${pathOf(subject)}/overrides/${encodeURIComponent(override)}`);
  }
}

function pathOf({ kind, id }: Subject): string {
  return `/api/quotas/${encodeURIComponent(kind)}/${encodeURIComponent(id)}`;
}

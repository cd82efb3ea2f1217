import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import type { TemplateView, TemplatesView } from '@beamdesk/contracts';
import { Observable } from 'rxjs';

/** `/api/templates`, for the roles STAFF, SUPPORT and ADMIN. Every failure is an `ApiError`. */
@Injectable({ providedIn: 'root' })
export class TemplatesApi {
  private readonly http = inject(HttpClient);

  list(): Observable<TemplatesView> {
    return this.http.get<TemplatesView>('/api/templates');
  }

  /** ADMIN only. Accepted: its host begins within seconds, the state that follows comes with the list. */
  rebuild({ hostId, key }: Pick<TemplateView, 'hostId' | 'key'>): Observable<void> {
    return this.http.post<void>(`/api/templates/${encodeURIComponent(hostId)}/${encodeURIComponent(key)}/rebuild`, {});
  }
}

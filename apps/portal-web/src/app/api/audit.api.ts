import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import type { AuditPage } from '@beamdesk/contracts';
import { Observable } from 'rxjs';

/** What is picked out of the audit; absent or empty: everything. */
export interface AuditFilters {
  readonly kind?: string;
  readonly person?: string;
  /** ISO 8601, from (included) to (excluded). */
  readonly from?: string;
  readonly to?: string;
  readonly q?: string;
}

/** `/api/audit`, for the role ADMIN. Every failure is an `ApiError`. */
@Injectable({ providedIn: 'root' })
export class AuditApi {
  private readonly http = inject(HttpClient);

  /** Newest first; `before` as `next` of the page before. */
  page(filters: AuditFilters, before?: string): Observable<AuditPage> {
    const params = { ...filters, ...(before !== undefined && { before }) };
    return this.http.get<AuditPage>('/api/audit', { params });
  }
}

/** Address of the file with all that is picked out. */
export function auditFile(filters: AuditFilters, format: 'csv' | 'jsonl'): string {
  return `/api/audit/export?${new URLSearchParams({ ...filters, format }).toString()}`;
}

import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import type { QuotaView } from '@beamdesk/contracts';
import { Observable } from 'rxjs';

/** `/api/quota`: limits, usage and what is left of the person who asks. */
@Injectable({ providedIn: 'root' })
export class QuotaApi {
  private readonly http = inject(HttpClient);

  get(): Observable<QuotaView> {
    return this.http.get<QuotaView>('/api/quota');
  }
}

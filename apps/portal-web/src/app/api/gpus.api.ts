import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import type { GpusView } from '@beamdesk/contracts';
import { Observable } from 'rxjs';

/** `/api/gpus`, for ADMIN: graphics cards of the hosts. */
@Injectable({ providedIn: 'root' })
export class GpusApi {
  private readonly http = inject(HttpClient);

  list(): Observable<GpusView> {
    return this.http.get<GpusView>('/api/gpus');
  }
}

import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import type { SoftwarePage } from '@beamdesk/contracts';
import { Observable } from 'rxjs';

/** `/api/software`: what the desktops on offer hold. */
@Injectable({ providedIn: 'root' })
export class SoftwareApi {
  private readonly http = inject(HttpClient);

  /** `q`: a part of a name; '': all of it. */
  find(q: string): Observable<SoftwarePage> {
    return this.http.get<SoftwarePage>('/api/software', { params: { q } });
  }
}

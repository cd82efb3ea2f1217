import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import type { CatalogueSignInOrder, CatalogueSignInsView } from '@beamdesk/contracts';
import { Observable } from 'rxjs';

/** `/api/catalogue-sessions`: the person's own sign-ins at catalogues. Every failure is an `ApiError`. */
@Injectable({ providedIn: 'root' })
export class CatalogueSessionsApi {
  private readonly http = inject(HttpClient);

  list(): Observable<CatalogueSignInsView> {
    return this.http.get<CatalogueSignInsView>('/api/catalogue-sessions');
  }

  signIn(order: CatalogueSignInOrder): Observable<void> {
    return this.http.post<void>('/api/catalogue-sessions', order);
  }
}

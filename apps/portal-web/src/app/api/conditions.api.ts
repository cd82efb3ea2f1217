import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import type { AcceptConditions, ConditionsView } from '@beamdesk/contracts';
import { Observable } from 'rxjs';

/** `/api/conditions`: the Conditions of Usage in force. */
@Injectable({ providedIn: 'root' })
export class ConditionsApi {
  private readonly http = inject(HttpClient);

  get(): Observable<ConditionsView> {
    return this.http.get<ConditionsView>('/api/conditions');
  }

  /** Accepts exactly the version that was read. */
  accept(version: string): Observable<void> {
    const body: AcceptConditions = { version };
    return this.http.post<void>('/api/conditions/acceptance', body);
  }
}

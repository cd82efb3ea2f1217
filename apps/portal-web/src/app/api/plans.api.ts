import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import type {
  FlavourChange,
  FlavoursView,
  NewFlavour,
  NewPlan,
  PlanChange,
  PlansView,
} from '@beamdesk/contracts';
import { Observable } from 'rxjs';

/** `/api/plans` and `/api/flavours`, for ADMIN. Entries of the site file can only be read. What changes one answers with all. Every failure is an `ApiError`. */
@Injectable({ providedIn: 'root' })
export class PlansApi {
  private readonly http = inject(HttpClient);

  plans(): Observable<PlansView> {
    return this.http.get<PlansView>('/api/plans');
  }

  makePlan(wish: NewPlan): Observable<PlansView> {
    return this.http.post<PlansView>('/api/plans', wish);
  }

  changePlan(id: string, change: PlanChange): Observable<PlansView> {
    return this.http.patch<PlansView>(`/api/plans/${encodeURIComponent(id)}`, change);
  }

  /** Desktops that run or are kept go on with what they were promised. */
  removePlan(id: string): Observable<void> {
    return this.http.delete<void>(`/api/plans/${encodeURIComponent(id)}`);
  }

  flavours(): Observable<FlavoursView> {
    return this.http.get<FlavoursView>('/api/flavours');
  }

  makeFlavour(wish: NewFlavour): Observable<FlavoursView> {
    return this.http.post<FlavoursView>('/api/flavours', wish);
  }

  changeFlavour(id: string, change: FlavourChange): Observable<FlavoursView> {
    return this.http.patch<FlavoursView>(`/api/flavours/${encodeURIComponent(id)}`, change);
  }

  removeFlavour(id: string): Observable<void> {
    return this.http.delete<void>(`/api/flavours/${encodeURIComponent(id)}`);
  }
}

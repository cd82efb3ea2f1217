import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import type {
  DesktopAction,
  DesktopActionResults,
  DesktopMessages,
  MonitoredDesktops,
  MonitoredDesktopsQuery,
  MonitoredHosts,
  UsageQuery,
  UsageView,
} from '@beamdesk/contracts';
import { Observable } from 'rxjs';

/** `/api/monitor`, for the roles STAFF, SUPPORT and ADMIN, and `/api/messages`. Every failure is an `ApiError`. */
@Injectable({ providedIn: 'root' })
export class MonitorApi {
  private readonly http = inject(HttpClient);

  desktops(query: MonitoredDesktopsQuery): Observable<MonitoredDesktops> {
    return this.http.get<MonitoredDesktops>('/api/monitor/desktops', { params: { ...query } });
  }

  /** STAFF and ADMIN only. One result for each id. */
  act(action: DesktopAction): Observable<DesktopActionResults> {
    return this.http.post<DesktopActionResults>('/api/monitor/desktops/actions', action);
  }

  hosts(): Observable<MonitoredHosts> {
    return this.http.get<MonitoredHosts>('/api/monitor/hosts');
  }

  /** ADMIN only. */
  drain(host: string, way: 'drain' | 'undrain'): Observable<void> {
    return this.http.post<void>(`/api/monitor/hosts/${encodeURIComponent(host)}/${way}`, {});
  }

  usage(query: UsageQuery): Observable<UsageView> {
    return this.http.get<UsageView>('/api/monitor/usage', { params: { ...query } });
  }

  /** What the staff wrote about one's own desktops. */
  messages(): Observable<DesktopMessages> {
    return this.http.get<DesktopMessages>('/api/messages');
  }

  dismiss(message: string): Observable<void> {
    return this.http.post<void>(`/api/messages/${encodeURIComponent(message)}/dismiss`, {});
  }
}

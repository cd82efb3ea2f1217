import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import type { DisplayRequest, ExtensionWish, InstanceView, LaunchRequest, TicketView } from '@beamdesk/contracts';
import { Observable } from 'rxjs';

/** `/api/instances`, and the launch under `/api/proposals/:key/services/desktop`. Every failure is an `ApiError`. */
@Injectable({ providedIn: 'root' })
export class InstancesApi {
  private readonly http = inject(HttpClient);

  get(id: string): Observable<InstanceView> {
    return this.http.get<InstanceView>(`/api/instances/${encodeURIComponent(id)}`);
  }

  /** Desktop, Open and Try again: idempotent, answers the one desktop of this person for this proposal. */
  launch(proposalKey: string, plan?: string): Observable<InstanceView> {
    const body: LaunchRequest = plan === undefined ? {} : { plan };
    return this.http.put<InstanceView>(`/api/proposals/${encodeURIComponent(proposalKey)}/services/desktop`, body);
  }

  /** Ends the machine; the plan decides whether its disk is kept. */
  stop(id: string): Observable<InstanceView> {
    return this.http.post<InstanceView>(`/api/instances/${encodeURIComponent(id)}/stop`, {});
  }

  /** Lives longer, as its plan allows; `from`: the end that the person saw. */
  extend(id: string, from: string): Observable<InstanceView> {
    const body: ExtensionWish = { from };
    return this.http.post<InstanceView>(`/api/instances/${encodeURIComponent(id)}/extend`, body);
  }

  /** Counts as use of one that is about to stop for want of it. */
  keepRunning(id: string): Observable<InstanceView> {
    return this.http.post<InstanceView>(`/api/instances/${encodeURIComponent(id)}/keep-running`, {});
  }

  /** Gives up a stopped desktop with its disk, or dismisses a failed one. */
  remove(id: string): Observable<InstanceView> {
    return this.http.delete<InstanceView>(`/api/instances/${encodeURIComponent(id)}`);
  }

  /** The size of the guest's screen, in its pixels; `DISPLAY_FIXED` when it cannot. Resolves when it has it, or after 3 s. */
  setDisplay(id: string, size: DisplayRequest): Promise<void> {
    return new Promise((resolve, reject) =>
      this.http
        .put<unknown>(`/api/instances/${encodeURIComponent(id)}/display`, size)
        .subscribe({ next: () => resolve(), error: reject }),
    );
  }

  /** Single use, 15 s: ask just before opening the websocket, and again at every reconnect. */
  ticket(id: string): Promise<TicketView> {
    return new Promise((resolve, reject) =>
      this.http
        .post<TicketView>(`/api/instances/${encodeURIComponent(id)}/tickets`, {})
        .subscribe({ next: resolve, error: reject }),
    );
  }
}

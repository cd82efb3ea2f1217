import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import type { AnnouncementsView, AnnouncementWish, KeptAnnouncements, KeptAnnouncementView } from '@beamdesk/contracts';
import { Observable } from 'rxjs';

/** `/api/announcements`: what is shown now for everybody, the rest for ADMIN. Every failure is an `ApiError`. */
@Injectable({ providedIn: 'root' })
export class AnnouncementsApi {
  private readonly http = inject(HttpClient);

  current(): Observable<AnnouncementsView> {
    return this.http.get<AnnouncementsView>('/api/announcements/current');
  }

  latest(): Observable<KeptAnnouncements> {
    return this.http.get<KeptAnnouncements>('/api/announcements');
  }

  make(wish: AnnouncementWish): Observable<KeptAnnouncementView> {
    return this.http.post<KeptAnnouncementView>('/api/announcements', wish);
  }

  change(id: string, wish: AnnouncementWish): Observable<KeptAnnouncementView> {
    return this.http.put<KeptAnnouncementView>(`/api/announcements/${encodeURIComponent(id)}`, wish);
  }

  end(id: string): Observable<void> {
    return this.http.delete<void>(`/api/announcements/${encodeURIComponent(id)}`);
  }
}

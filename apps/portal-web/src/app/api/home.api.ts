import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import type { HomeView } from '@beamdesk/contracts';
import { Observable } from 'rxjs';

/** `/api/home`: the home folder of the person who asks. */
@Injectable({ providedIn: 'root' })
export class HomeApi {
  private readonly http = inject(HttpClient);

  get(): Observable<HomeView> {
    return this.http.get<HomeView>('/api/home');
  }
}

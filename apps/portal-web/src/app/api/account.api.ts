import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import type { AccountView, PasswordSignIn } from '@beamdesk/contracts';
import { Observable } from 'rxjs';

/** `/api/account`: one's own ways to sign in, and how the catalogues know one. */
@Injectable({ providedIn: 'root' })
export class AccountApi {
  private readonly http = inject(HttpClient);

  get(): Observable<AccountView> {
    return this.http.get<AccountView>('/api/account');
  }

  /** The browser has to go to `redirect`; it comes back to `/account?link=CODE`. */
  add(provider: string): Observable<{ redirect: string }> {
    return this.http.post<{ redirect: string }>('/api/account/ways', { provider });
  }

  addByPassword(given: PasswordSignIn): Observable<AccountView> {
    return this.http.post<AccountView>('/api/account/ways/password', given);
  }

  remove(id: string): Observable<AccountView> {
    return this.http.post<AccountView>('/api/account/ways/removal', { id });
  }
}

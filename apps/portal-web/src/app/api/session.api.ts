import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import type { LoginSessionView, PasswordSignIn } from '@beamdesk/contracts';
import { Observable } from 'rxjs';

/** `/api/session` and `/api/auth`. Signing in at a provider is a navigation, not a request: see `signInUrl`. */
@Injectable({ providedIn: 'root' })
export class SessionApi {
  private readonly http = inject(HttpClient);

  /** Who is looking; answers for everyone, signed in or not. */
  get(): Observable<LoginSessionView> {
    return this.http.get<LoginSessionView>('/api/session');
  }

  /** With a local account or one of a directory; who is signed in then says the next `get`. */
  signIn(given: PasswordSignIn): Observable<void> {
    return this.http.post<void>('/api/auth/password', given);
  }

  /** Ends this session, its desktop connections and the one at the provider; `redirect` is where to go next. */
  signOut(): Observable<{ redirect: string }> {
    return this.http.post<{ redirect: string }>('/api/auth/sign-out', {});
  }
}

/** The address that starts a sign-in and comes back to `returnTo` (a path of this portal). */
export function signInUrl(provider: string, returnTo: string): string {
  return `/api/auth/sign-in?${new URLSearchParams({ provider, returnTo })}`;
}

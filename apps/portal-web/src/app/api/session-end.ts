import { Injectable, inject } from '@angular/core';
import { Router } from '@angular/router';
import { SessionStore } from './session.store';

/** Why a person may no longer be where they are. */
export type SessionEnding = 'NOT_SIGNED_IN' | 'NOT_AUTHORISED' | 'CONDITIONS_NOT_ACCEPTED';

/** Leads to the page that helps when the login session ends, keeping the way back in `returnTo`. */
@Injectable({ providedIn: 'root' })
export class SessionEnd {
  private readonly router = inject(Router);
  private readonly session = inject(SessionStore);
  private handling = false;

  /** Reads the session again and goes where the guards would lead. Several calls at once count as one. */
  async handle(ending: SessionEnding): Promise<void> {
    if (this.handling) return;
    this.handling = true;
    try {
      await this.session.reload().catch(() => undefined);
      const here = this.router.url;
      if (ending === 'NOT_SIGNED_IN') {
        this.session.forget();
        if (here.startsWith('/sign-in') || here === '/') return;
        await this.router.navigate(['/sign-in'], { queryParams: { returnTo: here, error: 'SESSION_ENDED' } });
      } else if (ending === 'NOT_AUTHORISED') {
        await this.router.navigate(['/not-authorised']);
      } else if (!here.startsWith('/conditions')) {
        await this.router.navigate(['/conditions'], { queryParams: { returnTo: here } });
      }
    } finally {
      this.handling = false;
    }
  }
}

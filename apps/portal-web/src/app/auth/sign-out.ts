import { DOCUMENT, Injectable, inject, signal } from '@angular/core';
import { firstValueFrom } from 'rxjs';
import { SessionApi } from '../api/session.api';
import { Toasts } from '../shell/toasts.store';

/** Ends the login session here and at the provider; running desktops stay, their connections close. */
@Injectable({ providedIn: 'root' })
export class SignOut {
  private readonly api = inject(SessionApi);
  private readonly toasts = inject(Toasts);
  private readonly document = inject(DOCUMENT);
  private readonly running = signal(false);

  readonly busy = this.running.asReadonly();

  async signOut(): Promise<void> {
    this.running.set(true);
    try {
      const { redirect } = await firstValueFrom(this.api.signOut());
      this.document.location.assign(redirect);
    } catch (error) {
      this.toasts.error(error);
    } finally {
      this.running.set(false);
    }
  }
}

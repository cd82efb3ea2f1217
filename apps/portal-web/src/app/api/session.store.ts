import { Injectable, computed, inject, signal } from '@angular/core';
import type { LoginSessionView, Role } from '@beamdesk/contracts';
import { firstValueFrom } from 'rxjs';
import { messageOf } from './api-error';
import { SessionApi } from './session.api';
import { UserMessage } from './user-message';

/** Who is signed in and what they may see. Loaded once at start; read again when an answer says that it has changed. */
@Injectable({ providedIn: 'root' })
export class SessionStore {
  private readonly api = inject(SessionApi);
  private readonly current = signal<LoginSessionView | undefined>(undefined);
  private readonly failure = signal<UserMessage | undefined>(undefined);
  private readonly waiting: (() => void)[] = [];

  /** Undefined until the first answer. */
  readonly session = this.current.asReadonly();
  /** Why the first load failed; the shell offers Retry. */
  readonly error = this.failure.asReadonly();
  readonly loaded = computed(() => this.current() !== undefined);
  readonly user = computed(() => this.current()?.user ?? null);
  readonly signedIn = computed(() => this.user() !== null);
  readonly authorised = computed(() => this.signedIn() && this.current()?.authorised === true);
  readonly conditionsAccepted = computed(() => this.current()?.conditions.accepted === true);
  /** May use everything: signed in, authorised, Conditions of Usage accepted. */
  readonly admitted = computed(() => this.authorised() && this.conditionsAccepted());
  /** May see how the installation stands: STAFF, SUPPORT, ADMIN. Only what to show; the api decides with every request. */
  readonly staff = computed(() => this.admitted() && this.holds('STAFF', 'SUPPORT', 'ADMIN'));
  /** May decide who is let in: STAFF, of their beamlines, and ADMIN. */
  readonly decides = computed(() => this.admitted() && this.holds('STAFF', 'ADMIN'));
  readonly admin = computed(() => this.admitted() && this.holds('ADMIN'));
  readonly csrfToken = computed(() => this.current()?.csrfToken ?? '');
  readonly providers = computed(() => this.current()?.providers ?? []);
  readonly facility = computed(() => this.current()?.facility ?? { name: '', contact: '' });

  /** First load, and Retry after a failed one. Never rejects: see `error`. */
  async load(): Promise<void> {
    this.failure.set(undefined);
    await this.reload().catch((error: unknown) => this.failure.set(messageOf(error)));
  }

  /** Reads the session again; rejects with an `ApiError` and keeps what was known. */
  async reload(): Promise<void> {
    this.current.set(await firstValueFrom(this.api.get()));
    this.waiting.splice(0).forEach((resolve) => resolve());
  }

  /** Resolves as soon as a session is known, however many retries that takes. */
  whenLoaded(): Promise<void> {
    return this.loaded() ? Promise.resolve() : new Promise((resolve) => this.waiting.push(resolve));
  }

  /** The login session is over: shows nothing of it any longer. */
  forget(): void {
    this.current.update((session) => session && { ...session, user: null, authorised: false, csrfToken: '' });
  }

  private holds(...roles: readonly Role[]): boolean {
    return this.user()?.roles.some((role) => roles.includes(role)) ?? false;
  }
}

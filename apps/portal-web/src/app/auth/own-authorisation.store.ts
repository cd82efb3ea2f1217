import { Injectable, inject, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { Router } from '@angular/router';
import type { AuthorisationWish, OwnAuthorisationView } from '@beamdesk/contracts';
import { Observable, firstValueFrom } from 'rxjs';
import { messageOf } from '../api/api-error';
import { AuthorisationApi } from '../api/authorisation.api';
import { createLoader } from '../api/loader';
import { SessionStore } from '../api/session.store';
import { UserMessage } from '../api/user-message';
import { Toasts } from '../shell/toasts.store';
import { AuthorisationWatch } from './authorisation-watch';

/** How somebody stands who is let into nothing; goes on to the portal as soon as they are let in. */
@Injectable()
export class OwnAuthorisationStore {
  private readonly api = inject(AuthorisationApi);
  private readonly session = inject(SessionStore);
  private readonly router = inject(Router);
  private readonly toasts = inject(Toasts);
  private readonly sending = signal(false);
  private readonly refused = signal<UserMessage | undefined>(undefined);

  readonly loaded = createLoader(() => this.api.own());
  readonly view = this.loaded.value;
  /** A request of ours is on its way. */
  readonly busy = this.sending.asReadonly();
  /** Why the last one was refused. */
  readonly problem = this.refused.asReadonly();

  constructor() {
    inject(AuthorisationWatch)
      .changes.pipe(takeUntilDestroyed())
      .subscribe(() => void this.look());
    this.loaded.load(undefined);
  }

  /** True: it was accepted. */
  ask(wish: AuthorisationWish): Promise<boolean> {
    return this.send(this.api.ask(wish));
  }

  withdraw(): Promise<boolean> {
    return this.send(this.api.withdraw());
  }

  /** Has the catalogues asked again, and says so where that changed nothing. */
  async check(): Promise<void> {
    if (!(await this.send(this.api.check()))) return;
    try {
      if (!(await this.goOn())) this.toasts.info('Still not authorised.');
    } catch (error) {
      this.toasts.error(error);
    }
  }

  /** Something changed. */
  private async look(): Promise<void> {
    if (!(await this.goOn().catch(() => false))) this.loaded.load(undefined);
  }

  /** True: the person is let in, and on their way. */
  private async goOn(): Promise<boolean> {
    await this.session.reload();
    if (!this.session.authorised()) return false;
    this.toasts.info('You are authorised now.');
    return this.router.navigateByUrl('/proposals');
  }

  private async send(request: Observable<OwnAuthorisationView>): Promise<boolean> {
    if (this.sending()) return false;
    this.sending.set(true);
    this.refused.set(undefined);
    try {
      const view = await firstValueFrom(request);
      if (this.view()) this.loaded.update(() => view);
      else this.loaded.load(undefined);
      return true;
    } catch (error) {
      this.refused.set(messageOf(error));
      return false;
    } finally {
      this.sending.set(false);
    }
  }
}

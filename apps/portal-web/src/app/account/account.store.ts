import { DOCUMENT, Injectable, computed, inject, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import type { AccountView, PasswordSignIn, SignInProvider, SignInWay } from '@beamdesk/contracts';
import { firstValueFrom } from 'rxjs';
import { AccountApi } from '../api/account.api';
import { messageOf } from '../api/api-error';
import { createLoader } from '../api/loader';
import { SessionApi, signInUrl } from '../api/session.api';
import { SessionStore } from '../api/session.store';
import { UserMessage } from '../api/user-message';
import { AuthorisationWatch } from '../auth/authorisation-watch';

/** How the person signs in; follows what other pages and the staff change. */
@Injectable()
export class AccountStore {
  private readonly api = inject(AccountApi);
  private readonly sessionApi = inject(SessionApi);
  private readonly session = inject(SessionStore);
  private readonly location = inject(DOCUMENT).location;
  private readonly working = signal(false);
  private readonly refused = signal<UserMessage | undefined>(undefined);

  readonly loaded = createLoader(() => this.api.get());
  readonly view = this.loaded.value;
  /** A request of ours is on its way, or the browser is leaving. */
  readonly busy = this.working.asReadonly();
  /** Why the last one was refused. */
  readonly problem = this.refused.asReadonly();
  readonly present = computed(() => this.view()?.ways.find(({ present }) => present));
  /** Ways may be added and removed now; the api decides again. */
  readonly mayChange = computed(() => (this.view()?.changesUntil ?? null) !== null);

  constructor() {
    inject(AuthorisationWatch)
      .changes.pipe(takeUntilDestroyed())
      .subscribe(() => {
        this.loaded.load(undefined);
        // Another way to sign in may be what lets somebody in.
        void this.session.reload().catch(() => undefined);
      });
    this.loaded.load(undefined);
  }

  /** Leaves for a provider, where the person proves that the login is theirs. */
  add({ id }: SignInProvider): Promise<boolean> {
    return this.send(async () => {
      const { redirect } = await firstValueFrom(this.api.add(id));
      this.location.assign(redirect);
    });
  }

  /** @throws ApiError for the form that asked */
  async addByPassword(given: PasswordSignIn): Promise<void> {
    this.show(await firstValueFrom(this.api.addByPassword(given)));
  }

  remove({ id }: SignInWay): Promise<boolean> {
    return this.send(async () => this.show(await firstValueFrom(this.api.remove(id))));
  }

  /** Proves again at the provider who sits here; comes back to this page. */
  signInAgain(provider: string): void {
    this.location.assign(`${signInUrl(provider, '/account')}&fresh=1`);
  }

  /** The same with name and password. @throws ApiError for the form that asked */
  async signInAgainByPassword(given: PasswordSignIn): Promise<void> {
    const before = this.session.user()?.id;
    await firstValueFrom(this.sessionApi.signIn(given), { defaultValue: undefined });
    await this.session.reload();
    // Nothing of this person may stay on the page where another one signed in.
    if (this.session.user()?.id !== before) return this.location.assign('/account');
    this.refused.set(undefined);
    this.loaded.load(undefined);
  }

  private show(view: AccountView): void {
    this.refused.set(undefined);
    if (this.view()) this.loaded.update(() => view);
    else this.loaded.load(undefined);
  }

  private async send(work: () => Promise<void>): Promise<boolean> {
    if (this.working()) return false;
    this.working.set(true);
    this.refused.set(undefined);
    try {
      await work();
      return true;
    } catch (error) {
      this.refused.set(messageOf(error));
      // It may be no longer as the page shows it.
      this.loaded.load(undefined);
      return false;
    } finally {
      this.working.set(false);
    }
  }
}

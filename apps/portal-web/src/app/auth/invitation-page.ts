import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { MatButton } from '@angular/material/button';
import { ActivatedRoute, Router, RouterLink } from '@angular/router';
import type { InvitationOffer } from '@beamdesk/contracts';
import { firstValueFrom, of, switchMap } from 'rxjs';
import { messageOf } from '../api/api-error';
import { InvitationsApi } from '../api/invitations.api';
import { createLoader } from '../api/loader';
import { SessionStore } from '../api/session.store';
import { UserMessage } from '../api/user-message';
import { Contact } from '../shell/contact';
import { Problem } from '../shell/problem';
import { DayPipe, MomentPipe } from '../shell/time.pipes';
import { Toasts } from '../shell/toasts.store';
import { DemoAccounts } from './demo-accounts';
import { SignInButtons } from './sign-in-buttons';
import { SignOut } from './sign-out';

const ROLES: Readonly<Record<InvitationOffer['role'], string>> = {
  USER: 'User: the desktops and data of your own proposals',
  STAFF: 'Staff: let people in, see templates',
  SUPPORT: 'Support: look on at desktops of people who ask for help',
  ADMIN: 'Administrator of the portal',
};
/** Trying again is of no use. */
const FINAL = ['NO_INVITATION', 'OWN_INVITATION', 'INVITATION_UNKNOWN', 'INVITATION_USED', 'INVITATION_EXPIRED', 'INVITATION_WITHDRAWN'];

/**
 * Where the link of an invitation leads: takes its code out of the address at once and hands it to the api, then has the person
 * sign in, shows what is offered by whom, and takes yes or no.
 */
@Component({
  selector: 'bd-invitation-page',
  imports: [Contact, DayPipe, DemoAccounts, MatButton, MomentPipe, Problem, RouterLink, SignInButtons],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './invitation-page.html',
  styleUrl: './invitation-page.scss',
})
export class InvitationPage {
  private readonly api = inject(InvitationsApi);
  private readonly router = inject(Router);
  private readonly toasts = inject(Toasts);
  private arrived = false;
  protected readonly session = inject(SessionStore);
  protected readonly account = inject(SignOut);
  protected readonly roles = ROLES;
  protected readonly name = computed(() => this.session.user()?.name);
  protected readonly busy = signal(false);
  /** Why the answer was not taken. */
  protected readonly problem = signal<UserMessage | undefined>(undefined);
  /** The code goes first, where the address held one; null: nobody is signed in who could see the offer. */
  protected readonly offer = createLoader((code: string | null) =>
    (code === null ? of(undefined) : this.api.handIn(code)).pipe(
      switchMap(() => (this.session.signedIn() ? this.api.offer() : of(null))),
    ),
  );
  protected readonly over = computed(() => FINAL.includes(this.offer.error()?.code ?? ''));

  constructor() {
    inject(ActivatedRoute)
      .fragment.pipe(takeUntilDestroyed())
      .subscribe((code) => void this.arrive(code));
  }

  /** Again for another link in the same tab, but not for the address that we cleaned. */
  private async arrive(code: string | null): Promise<void> {
    if (code === null && this.arrived) return;
    this.arrived = true;
    if (code !== null) void this.router.navigateByUrl('/invitation', { replaceUrl: true });
    await this.session.whenLoaded();
    this.offer.load(code);
  }

  protected accept(): Promise<void> {
    return this.answer(async () => {
      await firstValueFrom(this.api.accept());
      await this.session.reload();
      if (this.session.authorised()) this.toasts.info('You are authorised now.');
      await this.router.navigateByUrl('/proposals');
    });
  }

  protected putAway(): Promise<void> {
    return this.answer(async () => {
      await firstValueFrom(this.api.putAway(), { defaultValue: undefined });
      await this.router.navigateByUrl('/proposals');
    });
  }

  private async answer(work: () => Promise<void>): Promise<void> {
    this.busy.set(true);
    this.problem.set(undefined);
    try {
      await work();
    } catch (error) {
      this.problem.set(messageOf(error));
      // It may have been withdrawn, or accepted by somebody else, while it was being read.
      this.offer.load(null);
    } finally {
      this.busy.set(false);
    }
  }
}

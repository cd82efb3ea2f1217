import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import type { InvitationView } from '@beamdesk/contracts';
import { firstValueFrom } from 'rxjs';
import { InvitationsApi } from '../api/invitations.api';
import { StopDialog, StopQuestion } from '../resources/stop-dialog';
import { Problem } from '../shell/problem';
import { DayPipe, MomentPipe } from '../shell/time.pipes';
import { Toasts } from '../shell/toasts.store';
import { ROLE_NAMES } from './decision-words';
import { InvitationsStore } from './invitations.store';
import { InviteDialog, InviteQuestion } from './invite-dialog';
import { ListPager } from './list-pager';
import { ListWait } from './list-wait';
import { PeopleTabs } from './people-tabs';
import { Which } from './which';

const STATES: Readonly<Record<InvitationView['state'], string>> = {
  open: 'open',
  used: 'accepted',
  expired: 'not accepted in time',
  withdrawn: 'withdrawn',
  lapsed: 'counts no longer: whoever made it may not grant this now',
};

/** Who was invited to which role, and what came of it; invites and withdraws. For STAFF and ADMIN. */
@Component({
  selector: 'bd-invitations-page',
  imports: [DayPipe, ListPager, ListWait, MatButton, MomentPipe, PeopleTabs, Problem, Which],
  providers: [InvitationsStore],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './invitations-page.html',
  styleUrl: './invitations-page.scss',
})
export class InvitationsPage {
  private readonly api = inject(InvitationsApi);
  private readonly dialog = inject(MatDialog);
  private readonly toasts = inject(Toasts);
  protected readonly store = inject(InvitationsStore);
  protected readonly names = ROLE_NAMES;
  protected readonly states = STATES;
  protected readonly choices = [
    { id: 'open', label: 'Open' },
    { id: 'closed', label: 'Closed' },
  ] as const;

  protected readonly summary = computed(() => {
    const total = this.store.page()?.total ?? 0;
    if (this.store.query().state === 'closed') return total === 0 ? 'None is closed yet.' : `${total} closed.`;
    if (total === 0) return 'No invitation is open.';
    return total === 1 ? 'One invitation is open.' : `${total} invitations are open.`;
  });

  protected scope({ role, beamlines }: InvitationView): string {
    if (role !== 'STAFF') return '';
    const known = this.store.page()?.beamlines ?? [];
    return beamlines === null
      ? 'of all beamlines'
      : `of ${beamlines.map((id) => known.find((one) => one.id === id)?.name ?? id).join(', ')}`;
  }

  protected async invite(): Promise<void> {
    const { roles = [], beamlines = [], mail = false } = this.store.page() ?? {};
    const dialog = this.dialog.open<InviteDialog, InviteQuestion>(InviteDialog, {
      data: { roles, beamlines, mail },
      width: '560px',
      autoFocus: 'first-tabbable',
      // A click beside it must not lose the link, which is shown once.
      disableClose: true,
    });
    await firstValueFrom(dialog.afterClosed());
    this.store.load();
  }

  protected async withdraw({ id, name }: InvitationView): Promise<void> {
    const data: StopQuestion = {
      title: `Withdraw the invitation of ${name}?`,
      consequences: ['Its link counts for nothing from then on. You may invite them again.'],
      confirm: 'Withdraw',
      refuse: 'Keep it',
    };
    const dialog = this.dialog.open<StopDialog, StopQuestion, boolean>(StopDialog, { data, width: '480px' });
    if (!(await firstValueFrom(dialog.afterClosed()))) return;
    try {
      await firstValueFrom(this.api.withdraw(id), { defaultValue: undefined });
      this.toasts.info('The invitation is withdrawn.');
    } catch (error) {
      this.toasts.error(error);
    }
    this.store.load();
  }
}

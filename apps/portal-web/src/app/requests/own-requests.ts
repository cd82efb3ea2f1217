import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import type { QuotaRequestView } from '@beamdesk/contracts';
import { firstValueFrom } from 'rxjs';
import { QuotaRequestsApi } from '../api/quota-requests.api';
import { ListWait } from '../staff/list-wait';
import { Problem } from '../shell/problem';
import { MomentPipe } from '../shell/time.pipes';
import { Toasts } from '../shell/toasts.store';
import { amountsWords } from './amount-fields';
import { AskQuotaDialog } from './ask-quota-dialog';
import { OwnRequestsStore } from './own-requests.store';
import { ownTitle, stateWords } from './request-words';

/** Asking for more, and what became of what was asked. */
@Component({
  selector: 'bd-own-requests',
  imports: [ListWait, MatButton, MomentPipe, Problem],
  providers: [OwnRequestsStore],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './own-requests.html',
  styleUrl: './own-requests.scss',
})
export class OwnRequests {
  private readonly api = inject(QuotaRequestsApi);
  private readonly dialog = inject(MatDialog);
  private readonly toasts = inject(Toasts);
  protected readonly store = inject(OwnRequestsStore);
  protected readonly withdrawing = signal<string | undefined>(undefined);
  protected readonly title = ownTitle;
  protected readonly state = stateWords;
  protected readonly amounts = amountsWords;

  protected async ask(): Promise<void> {
    const dialog = this.dialog.open<AskQuotaDialog, undefined, boolean>(AskQuotaDialog, {
      width: '560px',
      autoFocus: 'first-tabbable',
    });
    if (await firstValueFrom(dialog.afterClosed())) {
      this.toasts.info('Your request is with the staff of the beamline.');
      this.store.load();
    }
  }

  protected async withdraw({ id }: QuotaRequestView): Promise<void> {
    this.withdrawing.set(id);
    try {
      await firstValueFrom(this.api.withdraw(id));
    } catch (error) {
      this.toasts.error(error);
    } finally {
      this.withdrawing.set(undefined);
      this.store.load();
    }
  }
}

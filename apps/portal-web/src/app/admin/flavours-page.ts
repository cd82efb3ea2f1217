import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import type { FlavourView } from '@beamdesk/contracts';
import { firstValueFrom } from 'rxjs';
import { PlansApi } from '../api/plans.api';
import { createWatchedList } from '../api/watched-list';
import { amount } from '../quotas/resource-words';
import { StopDialog, StopQuestion } from '../resources/stop-dialog';
import { Problem } from '../shell/problem';
import { Toasts } from '../shell/toasts.store';
import { ListWait } from '../staff/list-wait';
import { AdminTabs } from './admin-tabs';
import { FlavourDialog } from './flavour-dialog';

/** How large desktops are: vCPUs, memory, disk and GPUs. For ADMIN. */
@Component({
  selector: 'bd-flavours-page',
  imports: [AdminTabs, ListWait, MatButton, Problem],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './flavours-page.html',
  styleUrls: ['./page.scss', './table.scss'],
})
export class FlavoursPage {
  private readonly api = inject(PlansApi);
  private readonly dialog = inject(MatDialog);
  private readonly toasts = inject(Toasts);
  protected readonly watched = createWatchedList(undefined, () => this.api.flavours());
  protected readonly size = (mib: number) => amount('memoryMib', mib);

  protected names({ plans }: FlavourView): string {
    return plans.map(({ name }) => name).join(', ');
  }

  /** `flavour` undefined: a new one. */
  protected async edit(flavour?: FlavourView): Promise<void> {
    const dialog = this.dialog.open(FlavourDialog, { data: flavour ?? null, width: '480px', autoFocus: 'first-tabbable' });
    if ((await firstValueFrom(dialog.afterClosed())) !== true) return;
    this.toasts.info(flavour ? 'The flavour is changed: the next new desktops go by it.' : 'The flavour is made.');
    this.watched.load();
  }

  protected async remove({ id }: FlavourView): Promise<void> {
    const data: StopQuestion = {
      title: `Delete the flavour ${id}?`,
      consequences: ['No plan names it. Desktops that were made with it go on.'],
      confirm: 'Delete',
      refuse: 'Keep it',
    };
    const dialog = this.dialog.open(StopDialog, { data, width: '440px', autoFocus: 'first-tabbable' });
    if ((await firstValueFrom(dialog.afterClosed())) !== true) return;
    try {
      await firstValueFrom(this.api.removeFlavour(id), { defaultValue: undefined });
      this.toasts.info('The flavour is deleted.');
    } catch (error) {
      this.toasts.error(error);
    }
    this.watched.load();
  }
}

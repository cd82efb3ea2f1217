import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { RouterLink } from '@angular/router';
import type { PlanAdminView } from '@beamdesk/contracts';
import { firstValueFrom } from 'rxjs';
import { PlansApi } from '../api/plans.api';
import { createWatchedList } from '../api/watched-list';
import { StopDialog, StopQuestion } from '../resources/stop-dialog';
import { Problem } from '../shell/problem';
import { Toasts } from '../shell/toasts.store';
import { ListWait } from '../staff/list-wait';
import { AdminTabs } from './admin-tabs';
import { PlanDialog, PlanQuestion } from './plan-dialog';
import { placeNames, placeWords, planTerms } from './plan-words';

/** What users are offered: images with flavours, where and on which terms. For ADMIN. */
@Component({
  selector: 'bd-plans-page',
  imports: [AdminTabs, ListWait, MatButton, Problem, RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './plans-page.html',
  styleUrls: ['./page.scss', './table.scss', './badge.scss'],
})
export class PlansPage {
  private readonly api = inject(PlansApi);
  private readonly dialog = inject(MatDialog);
  private readonly toasts = inject(Toasts);
  protected readonly watched = createWatchedList(undefined, () => this.api.plans());
  protected readonly terms = planTerms;
  private readonly names = computed(() => placeNames(this.watched.page()));
  protected readonly summary = computed(() => {
    const plans = this.watched.page()?.items ?? [];
    const off = plans.filter(({ unavailable }) => unavailable !== null).length;
    return `${plans.length === 1 ? 'One plan' : `${plans.length} plans`}${off === 0 ? '.' : `, ${off} of them not to be had now.`}`;
  });

  protected where(plan: PlanAdminView): string {
    return placeWords(plan, this.names());
  }

  /** `plan` undefined: a new one. */
  protected async edit(plan?: PlanAdminView): Promise<void> {
    const page = this.watched.page();
    if (!page) return;
    const data: PlanQuestion = { plan, places: page };
    const dialog = this.dialog.open(PlanDialog, { data, width: '720px', maxWidth: '94vw', autoFocus: 'first-tabbable' });
    if ((await firstValueFrom(dialog.afterClosed())) !== true) return;
    this.toasts.info(plan ? 'The plan is changed: the next new desktops go by it.' : 'The plan is made.');
    this.watched.load();
  }

  protected async remove(plan: PlanAdminView): Promise<void> {
    const goesOn = plan.desktops === 1 ? 'The desktop that has it goes on.' : `The ${plan.desktops} desktops that have it go on.`;
    const data: StopQuestion = {
      title: `Delete the plan ${plan.name}?`,
      consequences: ['It is not offered any more.', ...(plan.desktops === 0 ? [] : [goesOn])],
      confirm: 'Delete',
      refuse: 'Keep it',
    };
    const dialog = this.dialog.open(StopDialog, { data, width: '440px', autoFocus: 'first-tabbable' });
    if ((await firstValueFrom(dialog.afterClosed())) !== true) return;
    try {
      await firstValueFrom(this.api.removePlan(plan.id), { defaultValue: undefined });
      this.toasts.info('The plan is deleted.');
    } catch (error) {
      this.toasts.error(error);
    }
    this.watched.load();
  }
}

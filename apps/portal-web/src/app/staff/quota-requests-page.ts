import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import type { QuotaRequestForStaff } from '@beamdesk/contracts';
import { firstValueFrom } from 'rxjs';
import { AMOUNT_FIELDS, amountsWords, told } from '../requests/amount-fields';
import { requestTitle, stateWords } from '../requests/request-words';
import { Problem } from '../shell/problem';
import { MomentPipe } from '../shell/time.pipes';
import { Toasts } from '../shell/toasts.store';
import type { DecisionOutcome } from './decision-dialog';
import { ListPager } from './list-pager';
import { ListWait } from './list-wait';
import { PeopleTabs } from './people-tabs';
import { QuotaDecisionDialog, type QuotaDecisionQuestion } from './quota-decision-dialog';
import { QuotaRequestsStore } from './quota-requests.store';
import { Which } from './which';

/** Who asks for more quota or a longer life, and the decision about it. For STAFF, of their beamlines, and ADMIN. */
@Component({
  selector: 'bd-quota-requests-page',
  imports: [ListPager, ListWait, MatButton, MomentPipe, PeopleTabs, Problem, Which],
  providers: [QuotaRequestsStore],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './quota-requests-page.html',
  styleUrl: './requests-page.scss',
})
export class QuotaRequestsPage {
  private readonly dialog = inject(MatDialog);
  private readonly toasts = inject(Toasts);
  protected readonly store = inject(QuotaRequestsStore);
  protected readonly choices = [
    { id: 'open', label: 'Open' },
    { id: 'decided', label: 'Decided' },
  ] as const;
  protected readonly title = requestTitle;
  protected readonly state = stateWords;
  protected readonly amounts = amountsWords;

  protected readonly summary = computed(() => {
    const total = this.store.page()?.total ?? 0;
    if (this.store.query().state === 'decided') return total === 0 ? 'Nothing was decided yet.' : `${total} decided.`;
    if (total === 0) return 'Nobody waits for a decision.';
    return total === 1 ? 'One request waits for a decision.' : `${total} requests wait for a decision.`;
  });

  /** What is asked for beside what holds now: "vCPUs: 8 wanted, 4 of 4 in use". */
  protected lines({ wanted, standing }: QuotaRequestForStaff): string[] {
    return AMOUNT_FIELDS.flatMap((field) => {
      const amount = wanted?.[field.name];
      const now = standing.find(({ name }) => name === field.name);
      if (amount === undefined) return [];
      const held = now ? `, now ${told(field, now.used)} of ${told(field, now.limit)} in use` : '';
      return [`${field.label}: ${told(field, amount)} wanted${held}`];
    });
  }

  protected async decide(request: QuotaRequestForStaff, way: QuotaDecisionQuestion['way']): Promise<void> {
    const dialog = this.dialog.open<QuotaDecisionDialog, QuotaDecisionQuestion, DecisionOutcome>(QuotaDecisionDialog, {
      data: { request, way },
      width: '540px',
      autoFocus: 'first-tabbable',
    });
    const outcome = await firstValueFrom(dialog.afterClosed());
    if (outcome === undefined) return;
    if (outcome === 'decided') this.toasts.info(way === 'grant' ? 'The request is granted.' : 'The request was refused.');
    this.store.load();
  }
}

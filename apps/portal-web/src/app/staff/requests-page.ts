import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import type { RequestForStaff } from '@beamdesk/contracts';
import { firstValueFrom } from 'rxjs';
import { Problem } from '../shell/problem';
import { MomentPipe } from '../shell/time.pipes';
import { Toasts } from '../shell/toasts.store';
import { DecisionDialog, DecisionOutcome, DecisionQuestion } from './decision-dialog';
import { ListWait } from './list-wait';
import { PeopleTabs } from './people-tabs';
import { RequestsStore } from './requests.store';
import { Which } from './which';

/** Who asks to be let in, and the decision about it. For STAFF, of their beamlines, and ADMIN. */
@Component({
  selector: 'bd-requests-page',
  imports: [ListWait, MatButton, MomentPipe, PeopleTabs, Problem, Which],
  providers: [RequestsStore],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './requests-page.html',
  styleUrl: './requests-page.scss',
})
export class RequestsPage {
  private readonly dialog = inject(MatDialog);
  private readonly toasts = inject(Toasts);
  protected readonly store = inject(RequestsStore);
  protected readonly choices = [
    { id: 'open', label: 'Open' },
    { id: 'decided', label: 'Decided' },
  ] as const;

  protected readonly summary = computed(() => {
    const total = this.store.page()?.total ?? 0;
    if (this.store.state() === 'decided') return total === 0 ? 'Nothing was decided yet.' : `${total} decided.`;
    if (total === 0) return 'Nobody waits for a decision.';
    return total === 1 ? 'One person waits for a decision.' : `${total} people wait for a decision.`;
  });

  protected beamline(id: string | null): string {
    if (id === null) return 'not named';
    return this.store.page()?.beamlines.find((one) => one.id === id)?.name ?? id;
  }

  protected async decide(request: RequestForStaff, way: DecisionQuestion['way']): Promise<void> {
    const { roles = [], beamlines = [] } = this.store.page() ?? {};
    const data: DecisionQuestion = { request, way, roles, beamlines };
    const dialog = this.dialog.open<DecisionDialog, DecisionQuestion, DecisionOutcome>(DecisionDialog, {
      data,
      width: '520px',
      autoFocus: 'first-tabbable',
    });
    const outcome = await firstValueFrom(dialog.afterClosed());
    if (outcome === undefined) return;
    if (outcome === 'decided') {
      const { name } = request.person;
      this.toasts.info(way === 'grant' ? `${name} is let in.` : `${name} was refused.`);
    }
    this.store.load();
  }
}

import { ChangeDetectionStrategy, Component, computed, inject, signal, viewChild } from '@angular/core';
import { MatButton } from '@angular/material/button';
import {
  MAT_DIALOG_DATA,
  MatDialogActions,
  MatDialogContent,
  MatDialogRef,
  MatDialogTitle,
} from '@angular/material/dialog';
import type { AmountName, QuotaRequestDecision, QuotaRequestForStaff } from '@beamdesk/contracts';
import { firstValueFrom } from 'rxjs';
import { ApiError, messageOf } from '../api/api-error';
import { Clock } from '../api/clock';
import { QuotaRequestsApi } from '../api/quota-requests.api';
import { UserMessage } from '../api/user-message';
import { AmountsForm, nowLine } from '../requests/amounts-form';
import { requestTitle } from '../requests/request-words';
import type { DecisionOutcome } from './decision-dialog';
import { localMinute } from './decision-words';

/** What there is to decide. */
export interface QuotaDecisionQuestion {
  readonly request: QuotaRequestForStaff;
  readonly way: 'grant' | 'refuse';
}

/** Grants all or a part of what was asked for, or refuses with a text; stays open with the reason when that does not work. */
@Component({
  selector: 'bd-quota-decision-dialog',
  imports: [AmountsForm, MatButton, MatDialogActions, MatDialogContent, MatDialogTitle],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './quota-decision-dialog.html',
  styleUrl: './form.scss',
})
export class QuotaDecisionDialog {
  private readonly api = inject(QuotaRequestsApi);
  private readonly clock = inject(Clock);
  private readonly ref = inject<MatDialogRef<QuotaDecisionDialog, DecisionOutcome>>(MatDialogRef);
  private readonly amounts = viewChild(AmountsForm);
  protected readonly question = inject<QuotaDecisionQuestion>(MAT_DIALOG_DATA);
  protected readonly title = requestTitle(this.question.request);
  /** As the field has it. */
  protected readonly latest = localMinute(this.question.request.wantedUntil);
  protected readonly names = Object.keys(this.question.request.wanted ?? {}) as AmountName[];
  protected readonly now = computed(() =>
    Object.fromEntries(
      this.question.request.standing.map(({ name, used, limit }) => [name, nowLine(name, used, limit)]),
    ),
  );
  protected readonly sending = signal(false);
  protected readonly lacks = signal('');
  protected readonly problem = signal<UserMessage | undefined>(undefined);
  /** The request is closed, or nothing is left to grant. */
  protected readonly gone = signal(false);

  protected async send(until: string, text: string): Promise<void> {
    const decision = this.decision(until, text.trim());
    if (typeof decision === 'string') return this.lacks.set(decision);
    this.lacks.set('');
    this.problem.set(undefined);
    this.sending.set(true);
    try {
      await firstValueFrom(this.api.decide(this.question.request.id, decision), { defaultValue: undefined });
      this.ref.close('decided');
    } catch (error) {
      this.problem.set(messageOf(error));
      this.gone.set(error instanceof ApiError && (GONE.includes(error.code) || error.status === 404));
    } finally {
      this.sending.set(false);
    }
  }

  protected leave(): void {
    this.ref.close(this.gone() ? 'gone' : undefined);
  }

  /** A string says what is lacking. */
  private decision(typedUntil: string, text: string): QuotaRequestDecision | string {
    const { request, way } = this.question;
    if (way === 'refuse') return text === '' ? 'Say why: the person reads it.' : { decision: 'refuse', text };
    const amounts = request.kind === 'LIFE' ? null : (this.amounts()?.value() ?? '');
    if (typeof amounts === 'string') return amounts;
    if (amounts !== null && Object.keys(amounts).length === 0) return 'Say what you grant.';
    // As it was asked for, to the second, unless somebody changed it.
    const until = typedUntil === this.latest ? request.wantedUntil : isoOf(typedUntil);
    if (!(Date.parse(until) > this.clock.now())) return 'It has to end in the future.';
    if (Date.parse(until) > Date.parse(request.wantedUntil)) return 'That is later than was asked for.';
    return { decision: 'grant', amounts, until, text: text || null };
  }
}

const GONE = ['ALREADY_DECIDED', 'DESKTOP_ENDED'];

/** '' where it is no moment. */
function isoOf(local: string): string {
  const at = new Date(local);
  return Number.isNaN(at.getTime()) ? '' : at.toISOString();
}

import { ChangeDetectionStrategy, Component, inject, signal, viewChild } from '@angular/core';
import { MatButton } from '@angular/material/button';
import {
  MAT_DIALOG_DATA,
  MatDialogActions,
  MatDialogContent,
  MatDialogRef,
  MatDialogTitle,
} from '@angular/material/dialog';
import type { RequestDecision, RequestForStaff, Role } from '@beamdesk/contracts';
import { firstValueFrom } from 'rxjs';
import { ApiError, messageOf } from '../api/api-error';
import { AuthorisationApi } from '../api/authorisation.api';
import { UserMessage } from '../api/user-message';
import { RoleFields } from './role-fields';

/** What there is to decide. */
export interface DecisionQuestion {
  readonly request: RequestForStaff;
  readonly way: 'grant' | 'refuse';
  /** That may be granted. */
  readonly roles: readonly Role[];
  readonly beamlines: readonly { id: string; name: string }[];
}

/** `decided`: by us. `gone`: the list is out of date. Closed without either: nothing was decided. */
export type DecisionOutcome = 'decided' | 'gone';

/** Lets somebody in, with role and end, or refuses with a text; stays open with the reason when that does not work. */
@Component({
  selector: 'bd-decision-dialog',
  imports: [MatButton, MatDialogActions, MatDialogContent, MatDialogTitle, RoleFields],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './decision-dialog.html',
  styleUrl: './form.scss',
})
export class DecisionDialog {
  private readonly api = inject(AuthorisationApi);
  private readonly ref = inject<MatDialogRef<DecisionDialog, DecisionOutcome>>(MatDialogRef);
  private readonly fields = viewChild(RoleFields);
  protected readonly question = inject<DecisionQuestion>(MAT_DIALOG_DATA);
  protected readonly sending = signal(false);
  protected readonly lacks = signal('');
  protected readonly problem = signal<UserMessage | undefined>(undefined);
  /** The request is closed: nothing is left to decide. */
  protected readonly gone = signal(false);

  protected async send(text: string): Promise<void> {
    const decision = this.decision(text.trim());
    if (typeof decision === 'string') return this.lacks.set(decision);
    this.lacks.set('');
    this.problem.set(undefined);
    this.sending.set(true);
    try {
      await firstValueFrom(this.api.decide(this.question.request.id, decision), { defaultValue: undefined });
      this.ref.close('decided');
    } catch (error) {
      this.problem.set(messageOf(error));
      this.gone.set(error instanceof ApiError && (error.code === 'ALREADY_DECIDED' || error.status === 404));
    } finally {
      this.sending.set(false);
    }
  }

  protected leave(): void {
    this.ref.close(this.gone() ? 'gone' : undefined);
  }

  /** A string says what is lacking. */
  private decision(text: string): RequestDecision | string {
    if (this.question.way === 'refuse') {
      return text === '' ? 'Say why: the person reads it.' : { decision: 'refuse', text };
    }
    const role = this.fields()?.value() ?? '';
    return typeof role === 'string' ? role : { decision: 'grant', ...role, text: text || null };
  }
}

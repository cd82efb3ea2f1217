import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
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
import { Clock } from '../api/clock';
import { UserMessage } from '../api/user-message';
import { ROLE_WORDS, endOfDay, inOneYear, tomorrow } from './decision-words';

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
  imports: [MatButton, MatDialogActions, MatDialogContent, MatDialogTitle],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './decision-dialog.html',
  styleUrl: './decision-dialog.scss',
})
export class DecisionDialog {
  private readonly api = inject(AuthorisationApi);
  private readonly ref = inject<MatDialogRef<DecisionDialog, DecisionOutcome>>(MatDialogRef);
  private readonly now = inject(Clock).now();
  protected readonly question = inject<DecisionQuestion>(MAT_DIALOG_DATA);
  protected readonly words = ROLE_WORDS;
  protected readonly role = signal<Role>(this.question.roles[0] ?? 'USER');
  protected readonly endless = signal(false);
  protected readonly until = signal(inOneYear(this.now));
  protected readonly earliest = tomorrow(this.now);
  protected readonly chosen = signal<ReadonlySet<string>>(new Set());
  protected readonly sending = signal(false);
  protected readonly lacks = signal('');
  protected readonly problem = signal<UserMessage | undefined>(undefined);
  /** The request is closed: nothing is left to decide. */
  protected readonly gone = signal(false);

  protected choose(id: string, wanted: boolean): void {
    this.chosen.update((all) => new Set(wanted ? [...all, id] : [...all].filter((one) => one !== id)));
  }

  protected asRole(value: string): void {
    this.role.set(this.question.roles.find((one) => one === value) ?? 'USER');
  }

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
    const until = this.endless() ? null : endOfDay(this.until());
    if (until !== null && !(Date.parse(until) > this.now)) return 'Choose a day in the future.';
    const beamlines = this.role() === 'STAFF' && this.chosen().size > 0 ? [...this.chosen()] : null;
    return { decision: 'grant', role: this.role(), until, beamlines, text: text || null };
  }
}

import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import {
  MAT_DIALOG_DATA,
  MatDialogActions,
  MatDialogContent,
  MatDialogRef,
  MatDialogTitle,
} from '@angular/material/dialog';
import type { InstanceView } from '@beamdesk/contracts';
import { firstValueFrom } from 'rxjs';
import { messageOf } from '../api/api-error';
import { QuotaRequestsApi } from '../api/quota-requests.api';
import { UserMessage } from '../api/user-message';
import { lifetime } from '../shell/durations';
import { MomentPipe } from '../shell/time.pipes';

const CHOICES = [2, 4, 8, 24, 48, 96, 168];
const USUAL = 8;
const HOUR_MS = 3_600_000;
const REASON_MIN = 3;

/** Asks that a desktop goes on longer; closes with true once that is asked. */
@Component({
  selector: 'bd-ask-life-dialog',
  imports: [MatButton, MatDialogActions, MatDialogContent, MatDialogTitle, MomentPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <h2 mat-dialog-title>Ask for longer</h2>
    <mat-dialog-content>
      <form id="ask-life" novalidate (submit)="$event.preventDefault(); send(reason.value)">
        <p class="hint">
          The desktop of {{ instance.proposalName }} ends on {{ end | bdMoment }}. Until somebody has decided, that does not
          change: save your work in time.
        </p>
        <label>
          <span>How much longer</span>
          <select #longer name="longer" (change)="hours.set(+longer.value)">
            @for (one of choices; track one) {
              <option [value]="one" [selected]="one === hours()">{{ words(one * 60) }}</option>
            }
          </select>
        </label>
        <p class="hint" role="status">It would then end on {{ until() | bdMoment }}.</p>
        <label>
          <span>Why? The staff of the beamline read it</span>
          <textarea #reason name="reason" rows="4" maxlength="2000" aria-describedby="life-lacks"></textarea>
        </label>
        <p id="life-lacks" class="lacks" role="alert">{{ lacks() }}</p>
        @if (problem(); as problem) {
          <p class="lacks" role="alert">
            <strong>{{ problem.title }}.</strong> {{ problem.text }}
          </p>
        }
      </form>
    </mat-dialog-content>
    <mat-dialog-actions align="end">
      <button matButton type="button" (click)="ref.close(false)">Cancel</button>
      <button matButton="filled" type="submit" form="ask-life" [disabled]="sending()">
        {{ sending() ? 'Sending …' : 'Ask' }}
      </button>
    </mat-dialog-actions>
  `,
  styleUrl: '../staff/form.scss',
})
export class AskLifeDialog {
  private readonly api = inject(QuotaRequestsApi);
  protected readonly ref = inject<MatDialogRef<AskLifeDialog, boolean>>(MatDialogRef);
  protected readonly instance = inject<InstanceView>(MAT_DIALOG_DATA);
  protected readonly end = this.instance.expiresAt ?? '';
  protected readonly choices = CHOICES;
  protected readonly words = lifetime;
  protected readonly hours = signal(USUAL);
  protected readonly sending = signal(false);
  protected readonly lacks = signal('');
  protected readonly problem = signal<UserMessage | undefined>(undefined);

  protected until(): string {
    return new Date(Date.parse(this.end) + this.hours() * HOUR_MS).toISOString();
  }

  protected async send(text: string): Promise<void> {
    const reason = text.trim();
    this.lacks.set(reason.length < REASON_MIN ? 'Say why: the staff decide by it.' : '');
    if (this.lacks() !== '') return;
    this.problem.set(undefined);
    this.sending.set(true);
    try {
      await firstValueFrom(
        this.api.make({ kind: 'LIFE', instance: this.instance.id, until: this.until(), reason }),
      );
      this.ref.close(true);
    } catch (error) {
      this.problem.set(messageOf(error));
    } finally {
      this.sending.set(false);
    }
  }
}

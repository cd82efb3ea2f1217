import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogActions, MatDialogContent, MatDialogRef, MatDialogTitle } from '@angular/material/dialog';
import type { AmountName, LimitsView, OverrideOrder } from '@beamdesk/contracts';
import { messageOf } from '../../api/api-error';
import { Clock } from '../../api/clock';
import { UserMessage } from '../../api/user-message';
import { AMOUNT_NAMES, RESOURCE_LABELS, amount } from '../../quotas/resource-words';
import { dayOf, endOfDay, inDays } from '../../staff/decision-words';

export interface LimitQuestion {
  readonly name: string;
  /** In force now. */
  readonly limits: LimitsView;
  /** Rejects with an `ApiError`. */
  readonly send: (order: OverrideOrder) => Promise<void>;
}

/** As the api asks for it. */
const REASON_MIN = 3;
/** People write GiB and hours. */
const UNITS: Partial<Record<AmountName, { factor: number; name: string }>> = {
  memoryMib: { factor: 1024, name: 'GiB' },
  storageMib: { factor: 1024, name: 'GiB' },
  vcpuMinutes: { factor: 60, name: '' },
  gpuMinutes: { factor: 60, name: '' },
};

/** Other limits for a time, with a reason; stays open with what does not work. Closes with true once they count. */
@Component({
  selector: 'bd-limit-dialog',
  imports: [MatButton, MatDialogActions, MatDialogContent, MatDialogTitle],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <h2 mat-dialog-title>Set a limit of {{ question.name }}</h2>
    <mat-dialog-content>
      <form id="limit" novalidate (submit)="$event.preventDefault(); send(reason.value)">
        <p class="hint">What is left empty stays as it is.</p>
        <div class="pair">
          @for (field of fields; track field.name) {
            <label>
              <span>{{ field.label }}</span>
              <input
                #box
                type="number"
                min="0"
                step="1"
                inputmode="numeric"
                [name]="field.name"
                [placeholder]="field.now"
                (input)="set(field.name, box.value)"
              />
            </label>
          }
        </div>
        <div class="pair">
          <label>
            <span>From (empty: now)</span>
            <input #first name="from" type="date" [min]="earliest" (input)="from.set(first.value)" />
          </label>
          <label>
            <span>Until the end of</span>
            <input
              #last
              name="until"
              type="date"
              [min]="earliest"
              [value]="until()"
              [disabled]="endless()"
              (input)="until.set(last.value)"
            />
          </label>
        </div>
        <label class="tick">
          <input #forever name="endless" type="checkbox" [checked]="endless()" (change)="endless.set(forever.checked)" />
          Without an end, until somebody ends it
        </label>
        <label>
          <span>Why? Who is affected reads it</span>
          <textarea #reason name="reason" rows="3" maxlength="2000" aria-describedby="limit-lacks"></textarea>
        </label>
        <p id="limit-lacks" class="lacks" role="alert">{{ lacks() }}</p>
        @if (problem(); as problem) {
          <p class="lacks" role="alert"><strong>{{ problem.title }}.</strong> {{ problem.text }}</p>
        }
      </form>
    </mat-dialog-content>
    <mat-dialog-actions align="end">
      <button matButton type="button" (click)="ref.close()">Cancel</button>
      <button matButton="filled" type="submit" form="limit" [disabled]="sending()">
        {{ sending() ? 'Sending …' : 'Set' }}
      </button>
    </mat-dialog-actions>
  `,
  styleUrl: '../../staff/form.scss',
})
export class LimitDialog {
  private readonly now = inject(Clock).now();
  private readonly typed = new Map<AmountName, string>();
  protected readonly ref = inject<MatDialogRef<LimitDialog, boolean>>(MatDialogRef);
  protected readonly question = inject<LimitQuestion>(MAT_DIALOG_DATA);
  protected readonly fields = AMOUNT_NAMES.map((name) => {
    const [limit, unit] = [this.question.limits[name], UNITS[name]];
    const label = unit?.name ? `${RESOURCE_LABELS[name]}, ${unit.name}` : RESOURCE_LABELS[name];
    return { name, label, now: limit === null ? 'no limit' : `now ${amount(name, limit)}` };
  });
  protected readonly earliest = dayOf(new Date(this.now).toISOString());
  protected readonly from = signal('');
  protected readonly until = signal(inDays(this.now, 30));
  protected readonly endless = signal(false);
  protected readonly sending = signal(false);
  protected readonly lacks = signal('');
  protected readonly problem = signal<UserMessage | undefined>(undefined);

  protected set(name: AmountName, text: string): void {
    this.typed.set(name, text.trim());
  }

  protected async send(reason: string): Promise<void> {
    if (this.sending()) return;
    const order = this.order(reason.trim());
    this.lacks.set(typeof order === 'string' ? order : '');
    if (typeof order === 'string') return;
    this.problem.set(undefined);
    this.sending.set(true);
    try {
      await this.question.send(order);
      this.ref.close(true);
    } catch (error) {
      this.problem.set(messageOf(error));
    } finally {
      this.sending.set(false);
    }
  }

  /** A string says what is lacking. */
  private order(reason: string): OverrideOrder | string {
    const given = [...this.typed].filter(([, text]) => text !== '');
    if (given.length === 0) return 'Write at least one limit.';
    const wrong = given.find(([, text]) => !/^\d{1,7}$/.test(text));
    if (wrong) return `${RESOURCE_LABELS[wrong[0]]}: a whole number, 0 or more.`;
    const limits = new Map(given.map(([name, text]) => [name, Number(text) * (UNITS[name]?.factor ?? 1)]));
    const startsAt = this.from() === '' ? null : new Date(`${this.from()}T00:00:00`);
    const begins = startsAt !== null && startsAt.getTime() > this.now ? startsAt : null;
    const endsAt = this.endless() ? null : endOfDay(this.until());
    if (endsAt !== null && !(Date.parse(endsAt) > Math.max(this.now, begins?.getTime() ?? 0))) {
      return 'Choose a last day in the future, not before the first one.';
    }
    if (reason.length < REASON_MIN) return 'Say why: who is affected reads it.';
    const value = (name: AmountName): number | null => limits.get(name) ?? null;
    const amounts = {
      ...{ machines: value('machines'), vcpus: value('vcpus'), memoryMib: value('memoryMib') },
      ...{ storageMib: value('storageMib'), gpus: value('gpus') },
      ...{ vcpuMinutes: value('vcpuMinutes'), gpuMinutes: value('gpuMinutes') },
    };
    return { amounts, reason, startsAt: begins?.toISOString() ?? null, endsAt };
  }
}

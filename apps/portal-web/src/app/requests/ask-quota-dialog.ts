import { ChangeDetectionStrategy, Component, computed, inject, signal, viewChild } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialogActions, MatDialogContent, MatDialogRef, MatDialogTitle } from '@angular/material/dialog';
import type { QuotaRequestWish, AmountName } from '@beamdesk/contracts';
import { firstValueFrom, map } from 'rxjs';
import { messageOf } from '../api/api-error';
import { Clock } from '../api/clock';
import { InstancesStore } from '../api/instances.store';
import { createLoader } from '../api/loader';
import { ProposalsApi } from '../api/proposals.api';
import { QuotaRequestsApi } from '../api/quota-requests.api';
import { UserMessage } from '../api/user-message';
import { endOfDay, inDays, tomorrow } from '../staff/decision-words';
import { AMOUNT_FIELDS } from './amount-fields';
import { AmountsForm, nowLine } from './amounts-form';

/** As the api asks for it. */
const MAX_DAYS = 365;
const USUAL_DAYS = 30;
const REASON_MIN = 3;

/** Asks for higher limits; closes with true once that is asked. */
@Component({
  selector: 'bd-ask-quota-dialog',
  imports: [AmountsForm, MatButton, MatDialogActions, MatDialogContent, MatDialogTitle],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './ask-quota-dialog.html',
  styleUrl: '../staff/form.scss',
})
export class AskQuotaDialog {
  private readonly api = inject(QuotaRequestsApi);
  private readonly list = inject(ProposalsApi);
  private readonly instances = inject(InstancesStore);
  private readonly ref = inject<MatDialogRef<AskQuotaDialog, boolean>>(MatDialogRef);
  private readonly today = inject(Clock).now();
  private readonly amounts = viewChild.required(AmountsForm);
  protected readonly earliest = tomorrow(this.today);
  protected readonly latest = inDays(this.today, MAX_DAYS);
  protected readonly usual = inDays(this.today, USUAL_DAYS);
  protected readonly proposals = createLoader(() =>
    this.list
      .list({ search: '', sort: 'recent', favourites: false, offset: 0, limit: 100 })
      .pipe(map(({ items }) => items.map(({ key, name, title }) => ({ key, name, title })))),
  );
  /** Key; '': the person. */
  protected readonly chosen = signal('');
  protected readonly sending = signal(false);
  protected readonly lacks = signal('');
  protected readonly problem = signal<UserMessage | undefined>(undefined);
  /** How it stands for whom it is asked; undefined: not known. */
  private readonly standing = computed(() => {
    const quota = this.instances.quota();
    const key = this.chosen();
    const found = quota?.subjects.find(({ subject }) => (key === '' ? subject.kind === 'user' : subject.id === key));
    const limits = found?.limits ?? (key === '' ? undefined : quota?.shared.proposal);
    return limits && { limits, usage: found?.usage };
  });
  /** Only of what is limited more can be had. */
  protected readonly limited = computed(() => {
    const limits = this.standing()?.limits;
    return limits ? AMOUNT_FIELDS.map(({ name }) => name).filter((name) => limits[name] !== null) : null;
  });
  protected readonly now = computed((): Partial<Record<AmountName, string>> => {
    const { limits, usage } = this.standing() ?? {};
    if (!limits) return {};
    return Object.fromEntries(AMOUNT_FIELDS.map(({ name }) => [name, nowLine(name, usage?.[name], limits[name])]));
  });

  constructor() {
    this.proposals.load(undefined);
  }

  protected async send(day: string, reason: string): Promise<void> {
    const wish = this.wish(day, reason.trim());
    if (typeof wish === 'string') return this.lacks.set(wish);
    this.lacks.set('');
    this.problem.set(undefined);
    this.sending.set(true);
    try {
      await firstValueFrom(this.api.make(wish));
      this.ref.close(true);
    } catch (error) {
      this.problem.set(messageOf(error));
    } finally {
      this.sending.set(false);
    }
  }

  protected leave(): void {
    this.ref.close(false);
  }

  /** A string says what is lacking. */
  private wish(day: string, reason: string): QuotaRequestWish | string {
    const amounts = this.amounts().value();
    if (typeof amounts === 'string') return amounts;
    if (Object.keys(amounts).length === 0) return 'Say of what you need more, and how much.';
    if (!(day >= this.earliest && day <= this.latest)) return 'It can be asked for until a day within a year.';
    if (reason.length < REASON_MIN) return 'Say why: the staff decide by it.';
    return { kind: 'QUOTA', proposal: this.chosen() || null, amounts, until: endOfDay(day), reason };
  }
}

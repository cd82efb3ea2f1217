import { ChangeDetectionStrategy, Component, computed, effect, inject, input, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { RouterLink } from '@angular/router';
import type { QuotaSubjectKind, StaffOverride } from '@beamdesk/contracts';
import { firstValueFrom } from 'rxjs';
import { createLoader } from '../../api/loader';
import { QuotasApi } from '../../api/quotas.api';
import { limitWords } from '../../quotas/limit-words';
import { needsWords } from '../../quotas/resource-words';
import { SubjectFigures } from '../../quotas/subject-figures';
import { StopDialog, StopQuestion } from '../../resources/stop-dialog';
import { Problem } from '../../shell/problem';
import { MomentPipe } from '../../shell/time.pipes';
import { Toasts } from '../../shell/toasts.store';
import { ListWait } from '../../staff/list-wait';
import { SiteTabs } from '../site-tabs';
import { LimitDialog, LimitQuestion } from './limit-dialog';

const KINDS: readonly QuotaSubjectKind[] = ['user', 'proposal', 'beamline', 'site'];

/** Limits of one person, proposal, beamline or the site: what is used, by which desktops, and what was changed. */
@Component({
  selector: 'bd-subject-page',
  imports: [ListWait, MatButton, MomentPipe, Problem, RouterLink, SiteTabs, SubjectFigures],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './subject-page.html',
  styleUrl: './quotas.scss',
})
export class SubjectPage {
  readonly kind = input.required({ transform: (value: string) => KINDS.find((one) => one === value) ?? 'user' });
  readonly id = input.required<string>();

  private readonly api = inject(QuotasApi);
  private readonly dialog = inject(MatDialog);
  private readonly toasts = inject(Toasts);
  protected readonly subject = computed(() => ({ kind: this.kind(), id: this.id() }));
  protected readonly detail = createLoader((subject: { kind: QuotaSubjectKind; id: string }) => this.api.detail(subject));
  /** Id of the override that is being ended. */
  protected readonly busy = signal('');
  protected readonly words = limitWords;
  protected readonly needs = needsWords;

  constructor() {
    effect(() => this.detail.load(this.subject()));
  }

  protected async change(): Promise<void> {
    const found = this.detail.value();
    if (!found) return;
    const data: LimitQuestion = {
      ...{ name: found.subject.name, limits: found.limits },
      send: (order) => firstValueFrom(this.api.order(this.subject(), order), { defaultValue: undefined }),
    };
    const dialog = this.dialog.open<LimitDialog, LimitQuestion, boolean>(LimitDialog, {
      ...{ data, width: '560px', autoFocus: 'first-tabbable' },
    });
    if ((await firstValueFrom(dialog.afterClosed())) !== true) return;
    this.toasts.info(`The limits of ${found.subject.name} were changed.`);
    this.detail.retry();
  }

  /** Asks first: what went before counts again. */
  protected async end(one: StaffOverride): Promise<void> {
    const data: StopQuestion = {
      title: `End ${limitWords(one.amounts)}?`,
      consequences: ['The limits from before count again at once.', 'What is held already goes on, even above them.'],
      confirm: 'End now',
      refuse: 'Leave it',
    };
    const dialog = this.dialog.open<StopDialog, StopQuestion, boolean>(StopDialog, {
      ...{ data, width: '440px', autoFocus: 'first-tabbable' },
    });
    if ((await firstValueFrom(dialog.afterClosed())) !== true) return;
    this.busy.set(one.id);
    try {
      await firstValueFrom(this.api.end(this.subject(), one.id), { defaultValue: undefined });
      this.toasts.info('The limits from before count again.');
    } catch (error) {
      this.toasts.error(error);
    } finally {
      this.busy.set('');
      this.detail.retry();
    }
  }
}

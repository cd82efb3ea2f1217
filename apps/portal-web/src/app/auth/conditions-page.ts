import { ChangeDetectionStrategy, Component, computed, inject, input, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { Router } from '@angular/router';
import { firstValueFrom } from 'rxjs';
import { messageOf } from '../api/api-error';
import { ConditionsApi } from '../api/conditions.api';
import { createLoader } from '../api/loader';
import { SessionStore } from '../api/session.store';
import { UserMessage } from '../api/user-message';
import { Icon } from '../shell/icon';
import { Problem } from '../shell/problem';
import { DayPipe } from '../shell/time.pipes';
import { returnPath } from './guards';
import { PlainTextView } from './plain-text-view';
import { SignOut } from './sign-out';

/** The Conditions of Usage: to accept once per version, and to read again at any time. */
@Component({
  selector: 'bd-conditions-page',
  imports: [DayPipe, Icon, MatButton, PlainTextView, Problem],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './conditions-page.html',
  styleUrl: './conditions-page.scss',
})
export class ConditionsPage {
  readonly returnTo = input<string>();

  private readonly api = inject(ConditionsApi);
  private readonly router = inject(Router);
  protected readonly session = inject(SessionStore);
  protected readonly account = inject(SignOut);
  protected readonly text = createLoader(() => this.api.get());
  protected readonly busy = signal(false);
  protected readonly refusal = signal<UserMessage | undefined>(undefined);
  protected readonly accepted = computed(() => this.session.conditionsAccepted());

  constructor() {
    this.text.load(undefined);
  }

  protected async accept(version: string): Promise<void> {
    this.busy.set(true);
    this.refusal.set(undefined);
    try {
      await firstValueFrom(this.api.accept(version), { defaultValue: undefined });
      await this.session.reload();
      if (this.session.conditionsAccepted()) await this.router.navigateByUrl(returnPath(this.returnTo() ?? null));
      else this.text.retry();
    } catch (error) {
      this.refusal.set(messageOf(error));
      // A newer version may have come into force while this one was being read.
      this.text.retry();
    } finally {
      this.busy.set(false);
    }
  }
}

import { ChangeDetectionStrategy, Component, computed, inject, input, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import type { InstanceView } from '@beamdesk/contracts';
import { firstValueFrom } from 'rxjs';
import { InstancesApi } from '../api/instances.api';
import { lifetime } from '../shell/durations';
import { MomentPipe } from '../shell/time.pipes';
import { Toasts } from '../shell/toasts.store';
import { AskLifeDialog } from './ask-life-dialog';

const RUNNING: readonly string[] = ['REQUESTED', 'BUILDING', 'STARTING', 'READY'];

/** What the owner may do about the end of a desktop: extend it as the plan allows, or ask the staff. */
@Component({
  selector: 'bd-desktop-life',
  imports: [MatButton],
  providers: [MomentPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (endsByTimer()) {
      @if (offer(); as offer) {
        <button
          matButton="tonal"
          type="button"
          [disabled]="busy()"
          [attr.aria-label]="'Extend by ' + offer.by + ' ' + offer.left + ': the desktop of ' + instance().proposalName"
          (click)="extend()"
        >
          {{ busy() ? 'Extending …' : 'Extend by ' + offer.by }} <small>{{ offer.left }}</small>
        </button>
      } @else {
        <button
          matButton
          type="button"
          [attr.aria-label]="'Ask for longer: the desktop of ' + instance().proposalName"
          (click)="ask()"
        >
          Ask for longer …
        </button>
      }
    }
  `,
  styles: `
    small {
      margin-left: 4px;
      font-size: 0.8em;
      font-weight: 400;
    }
  `,
})
export class DesktopLife {
  readonly instance = input.required<InstanceView>();

  private readonly api = inject(InstancesApi);
  private readonly dialog = inject(MatDialog);
  private readonly toasts = inject(Toasts);
  private readonly moment = inject(MomentPipe);
  protected readonly busy = signal(false);

  protected readonly endsByTimer = computed(() => {
    const { role, expiresAt, wanted, state } = this.instance();
    return role === 'OWNER' && expiresAt !== null && wanted === 'RUNNING' && RUNNING.includes(state);
  });
  /** Undefined: the plan offers none, or it is used up. */
  protected readonly offer = computed(() => {
    const { plan, extensionsUsed = 0 } = this.instance();
    const left = (plan.extension?.times ?? 0) - extensionsUsed;
    if (!plan.extension || left <= 0) return undefined;
    return { by: lifetime(plan.extension.minutes), left: `${left} of ${plan.extension.times} left` };
  });

  protected async extend(): Promise<void> {
    const { id, expiresAt } = this.instance();
    if (expiresAt === null || this.busy()) return;
    this.busy.set(true);
    try {
      // The page follows the push.
      const { expiresAt: until } = await firstValueFrom(this.api.extend(id, expiresAt));
      if (until !== null) this.toasts.info(`This desktop goes on until ${this.moment.transform(until)}.`);
    } catch (error) {
      this.toasts.error(error);
    } finally {
      this.busy.set(false);
    }
  }

  protected async ask(): Promise<void> {
    const dialog = this.dialog.open<AskLifeDialog, InstanceView, boolean>(AskLifeDialog, {
      data: this.instance(),
      width: '480px',
      autoFocus: 'first-tabbable',
    });
    if (await firstValueFrom(dialog.afterClosed())) {
      this.toasts.info('Your request is with the staff of the beamline. You find it on the page Quotas.');
    }
  }
}

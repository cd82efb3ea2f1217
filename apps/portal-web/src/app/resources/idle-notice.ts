import { ChangeDetectionStrategy, Component, computed, inject, input, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { InstanceView } from '@beamdesk/contracts';
import { firstValueFrom } from 'rxjs';
import { Clock } from '../api/clock';
import { InstancesApi } from '../api/instances.api';
import { remaining } from '../shell/durations';
import { Icon } from '../shell/icon';
import { Toasts } from '../shell/toasts.store';

/** Nobody uses the desktop: when it stops, what becomes of its disk, and the way to keep it. */
@Component({
  selector: 'bd-idle-notice',
  imports: [Icon, MatButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (left(); as time) {
      <div class="notice">
        <bd-icon name="clock" />
        <p>
          <span role="status">Nobody uses this desktop, so it stops soon. {{ fate() }}</span>
          <span class="time" aria-hidden="true">{{ time }} left.</span>
        </p>
        @if (mayKeep()) {
          <button
            matButton="tonal"
            type="button"
            [disabled]="busy()"
            [attr.aria-label]="'Keep the desktop of ' + instance().proposalName + ' running'"
            (click)="keep()"
          >
            Keep it running
          </button>
        }
      </div>
    }
  `,
  styles: `
    .notice {
      display: flex;
      flex-wrap: wrap;
      gap: 6px 10px;
      align-items: center;
      padding: 6px 12px;
      border-radius: 8px;
      color: var(--bd-warn);
      background: var(--bd-warn-wash);
      font-size: 0.86rem;
      line-height: 1.35;
    }
    p {
      flex: 1 1 14em;
      margin: 0;
    }
    .time {
      font-variant-numeric: tabular-nums;
    }
  `,
})
export class IdleNotice {
  readonly instance = input.required<InstanceView>();

  private readonly api = inject(InstancesApi);
  private readonly clock = inject(Clock);
  private readonly toasts = inject(Toasts);
  protected readonly busy = signal(false);

  /** Undefined: it is in use. */
  protected readonly left = computed(() => {
    const { idleStopAt } = this.instance();
    return idleStopAt ? remaining(Math.max(0, Date.parse(idleStopAt) - this.clock.now())) : undefined;
  });
  protected readonly fate = computed(() =>
    this.instance().plan.keepsDisk ? 'Its disk is kept.' : 'Its disk is not kept; files in scratch are.',
  );
  protected readonly mayKeep = computed(() => ['OWNER', 'USER'].includes(this.instance().role));

  /** The page hears by push that the warning is over. */
  protected async keep(): Promise<void> {
    this.busy.set(true);
    try {
      await firstValueFrom(this.api.keepRunning(this.instance().id));
    } catch (error) {
      this.toasts.error(error);
    } finally {
      this.busy.set(false);
    }
  }
}

import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { Clock } from '../../api/clock';
import { DesktopStatus } from '../desktop-status';
import { DropReason } from '../ending';
import { StatePanel } from './state-panel';

const REASONS: Readonly<Record<DropReason, string>> = {
  network: 'The connection was lost.',
  display: 'The display service was interrupted.',
  portal: 'The portal does not answer at the moment.',
  'not-ready': 'The desktop is not ready yet.',
  silent: 'The desktop sent no picture.',
};

/** Connecting, or between two attempts: what happened, when it goes on, and a button for who cannot wait. */
@Component({
  selector: 'bd-reconnecting-state',
  imports: [MatButton, StatePanel],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (waiting(); as wait) {
      <bd-state-panel heading="Reconnecting" icon="offline">
        <p>{{ reasons[wait.reason] }} Your desktop keeps running.</p>
        <p class="bd-muted" aria-hidden="true">Attempt {{ wait.attempt }} {{ inSeconds() }}</p>
        <button action matButton="filled" type="button" (click)="again.emit()">Reconnect now</button>
      </bd-state-panel>
    } @else {
      <p class="connecting bd-card" role="status">{{ attempt() > 1 ? 'Reconnecting …' : 'Connecting to your desktop …' }}</p>
    }
  `,
  styles: `
    .connecting {
      margin: 0;
      padding: 14px 24px;
    }
  `,
})
export class ReconnectingState {
  readonly status = input.required<DesktopStatus>();
  readonly again = output();
  private readonly clock = inject(Clock);

  protected readonly reasons = REASONS;
  protected readonly waiting = computed(() => {
    const status = this.status();
    return status.kind === 'reconnecting' ? status : null;
  });
  protected readonly attempt = computed(() => {
    const status = this.status();
    return 'attempt' in status ? status.attempt : 1;
  });
  protected readonly inSeconds = computed(() => {
    // The server's clock only ticks here; the wait is measured by this browser's own.
    this.clock.now();
    const seconds = Math.ceil(((this.waiting()?.retryAt ?? 0) - Date.now()) / 1000);
    return seconds > 0 ? `in ${seconds} s` : 'now';
  });
}

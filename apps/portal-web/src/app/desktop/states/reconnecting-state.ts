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
    @if (reason(); as reason) {
      <bd-state-panel heading="Reconnecting" icon="offline">
        <p>{{ reasons[reason] }} Your desktop keeps running.</p>
        <p class="bd-muted" aria-hidden="true">Attempt {{ attempt() }} {{ when() }}</p>
        <button action matButton="filled" type="button" [disabled]="!waiting()" (click)="again.emit()">
          Reconnect now
        </button>
      </bd-state-panel>
    } @else {
      <p class="connecting bd-card" role="status">Connecting to your desktop …</p>
    }
  `,
  styles: `
    .connecting {
      margin: 0;
      padding: 14px 24px;
      /* Most connections are there before anybody could read it. */
      animation: appear 0.2s 0.4s backwards;
    }
    @keyframes appear {
      from {
        opacity: 0;
      }
    }
  `,
})
export class ReconnectingState {
  readonly status = input.required<DesktopStatus>();
  readonly again = output();
  private readonly clock = inject(Clock);

  protected readonly reasons = REASONS;
  protected readonly waiting = computed(() => this.status().kind === 'reconnecting');
  protected readonly reason = computed(() => {
    const status = this.status();
    return 'attempt' in status ? status.reason : null;
  });
  protected readonly attempt = computed(() => {
    const status = this.status();
    return 'attempt' in status ? status.attempt : 1;
  });
  protected readonly when = computed(() => {
    // The server's clock only ticks here; the wait is measured by this browser's own.
    this.clock.now();
    const status = this.status();
    const seconds = status.kind === 'reconnecting' ? Math.ceil((status.retryAt - Date.now()) / 1000) : 0;
    return seconds > 0 ? `in ${seconds} s` : 'now';
  });
}

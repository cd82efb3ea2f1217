import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { MatProgressBar } from '@angular/material/progress-bar';
import type { InstanceView } from '@beamdesk/contracts';
import { Clock } from '../../api/clock';
import { stopwatch } from '../../shell/durations';
import { StatePanel } from './state-panel';

/** REQUESTED, BUILDING, STARTING: which step, and for how long. The picture comes by itself. */
@Component({
  selector: 'bd-starting-state',
  imports: [MatProgressBar, StatePanel],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <bd-state-panel heading="Your desktop is starting" icon="clock">
      <p class="step">{{ step() }}</p>
      <mat-progress-bar mode="indeterminate" aria-label="Starting" />
      <!-- The seconds are for the eye: read aloud once a second they would drown everything else. -->
      <p class="bd-muted" aria-hidden="true">For {{ elapsed() }}</p>
      @if (instance().unreachable) {
        <p>The host of the machine does not answer at the moment. What you see is the last that was known.</p>
      }
      @if (instance().notice; as notice) {
        <p>{{ notice }}</p>
      }
    </bd-state-panel>
  `,
  styles: `
    p {
      margin: 0;
    }
    .step {
      margin-bottom: 10px;
    }
    .bd-muted {
      margin-top: 8px;
      font-variant-numeric: tabular-nums;
    }
  `,
})
export class StartingState {
  readonly instance = input.required<InstanceView>();
  private readonly clock = inject(Clock);

  protected readonly step = computed(
    () =>
      this.instance().step ?? (this.instance().state === 'REQUESTED' ? 'Waiting for its turn' : 'Starting the machine'),
  );
  protected readonly elapsed = computed(() => stopwatch(this.clock.now() - Date.parse(this.instance().stateSince)));
}

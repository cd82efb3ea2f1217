import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { MatProgressBar } from '@angular/material/progress-bar';
import type { InstanceView } from '@beamdesk/contracts';
import { Clock } from '../../api/clock';
import { InstancesStore } from '../../api/instances.store';
import { coldReason, isOverdue, launchOffer, launchPace, launchShare } from '../../resources/launch-words';
import { settled } from '../../shell/settled';
import { StatePanel } from './state-panel';

/** What lasts shorter is seen, not read aloud: of a start within a second only "Connected" is spoken, by the toolbar. */
const SPOKEN_AFTER_MS = 1500;

/**
 * From the click to the first picture: which step, how far against what was expected, and why it boots. Keeps its place
 * and size all the way; the bar fades in for a start that lasts. The picture comes by itself.
 */
@Component({
  selector: 'bd-starting-state',
  imports: [MatProgressBar, StatePanel],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <bd-state-panel [heading]="heading()" icon="clock" [spoken]="false">
      <p class="step">{{ step() }}</p>
      <mat-progress-bar
        class="bar"
        [mode]="share() === undefined ? 'indeterminate' : 'determinate'"
        [value]="share() ?? 0"
        [attr.aria-label]="instance().queue ? 'Waiting' : 'Starting'"
      />
      <!-- The seconds are for the eye: read aloud once a second they would drown everything else. -->
      @if (!instance().queue) {
        <p class="pace" aria-hidden="true" [class.late]="late()">{{ pace() }}</p>
      }
      @if (why(); as reason) {
        <p class="bd-muted">{{ reason }}</p>
      }
      @if (instance().unreachable) {
        <p>The host of the machine does not answer at the moment. What you see is the last that was known.</p>
      }
      @if (instance().notice; as notice) {
        <p>{{ notice }}</p>
      }
      <p class="bd-sr-only" role="status">{{ spoken() }}</p>
    </bd-state-panel>
  `,
  styles: `
    p {
      margin: 0;
    }
    .bar {
      margin: 10px 0 8px;
      animation: appear 0.3s 1s backwards;
    }
    .pace {
      min-height: 1.55em;
      color: var(--bd-muted);
      font-variant-numeric: tabular-nums;
    }
    .late {
      color: var(--bd-warn);
    }
    @keyframes appear {
      from {
        opacity: 0;
      }
    }
  `,
})
export class StartingState {
  readonly instance = input.required<InstanceView>();
  private readonly clock = inject(Clock);
  private readonly store = inject(InstancesStore);

  private readonly elapsed = computed(() => (this.clock.now() - this.store.askedAt(this.instance())) / 1000);
  protected readonly heading = computed(() =>
    this.instance().queue ? 'Your desktop waits for a host' : 'Your desktop is starting',
  );
  protected readonly step = computed(() => {
    const { step, state } = this.instance();
    if (state === 'READY') return 'Connecting';
    return step ?? (state === 'REQUESTED' ? 'Waiting for its turn' : 'Starting the machine');
  });
  protected readonly pace = computed(() => launchPace(this.instance().launch, this.elapsed()));
  protected readonly share = computed(() => this.instance().queue ? undefined : launchShare(this.instance().launch, this.elapsed()));
  protected readonly late = computed(() => !this.instance().queue && isOverdue(this.instance().launch, this.elapsed()));
  protected readonly why = computed(() => coldReason(this.instance().launch));
  /** Once at the start what to expect, then the steps, and once that it takes too long. */
  protected readonly spoken = settled(
    computed(() => {
      const { launch } = this.instance();
      const expectation = launch && !this.late() && !this.instance().queue ? launchOffer(launch) : '';
      return [this.step(), expectation, this.late() ? 'It takes much longer than usual' : ''].filter(Boolean).join('. ');
    }),
    SPOKEN_AFTER_MS,
  );
}

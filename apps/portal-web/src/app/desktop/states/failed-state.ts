import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { InstanceView } from '@beamdesk/contracts';
import { StatePanel } from './state-panel';

/** FAILED: why, and Try again. */
@Component({
  selector: 'bd-failed-state',
  imports: [MatButton, StatePanel],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <bd-state-panel heading="The desktop could not be started" icon="alert" tone="error">
      <p>{{ instance().failure?.message ?? 'The machine ended unexpectedly.' }}</p>
      @if (instance().failure; as failure) {
        <p class="bd-muted">
          Code for the support: {{ failure.code }}
          @if (failure.requestId; as id) {
            <span class="bd-id">{{ id }}</span>
          }
        </p>
      }
      <button action matButton="filled" type="button" [disabled]="busy()" (click)="launch.emit()">
        {{ busy() ? 'Trying again …' : 'Try again' }}
      </button>
    </bd-state-panel>
  `,
})
export class FailedState {
  readonly instance = input.required<InstanceView>();
  readonly busy = input(false);
  readonly launch = output();
}

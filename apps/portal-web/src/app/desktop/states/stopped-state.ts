import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { InstanceView } from '@beamdesk/contracts';
import { StatePanel } from './state-panel';

/** STOPPING and DELETING (nothing to do), STOPPED (Open it again). */
@Component({
  selector: 'bd-stopped-state',
  imports: [MatButton, StatePanel],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <bd-state-panel [heading]="stopping() ? 'The desktop is stopping' : 'The desktop is stopped'" icon="stop">
      @if (stopping()) {
        <p>{{ instance().step ?? 'The machine is being switched off.' }}</p>
      } @else {
        <p>Its disk was kept. Open it to go on where you left it.</p>
      }
      @if (!stopping()) {
        <button action matButton="filled" type="button" [disabled]="busy()" (click)="launch.emit()">
          {{ busy() ? 'Opening …' : 'Open' }}
        </button>
      }
    </bd-state-panel>
  `,
})
export class StoppedState {
  readonly instance = input.required<InstanceView>();
  readonly busy = input(false);
  readonly launch = output();

  protected readonly stopping = computed(
    () => this.instance().state !== 'STOPPED' || this.instance().wanted === 'DELETED',
  );
}

import { ChangeDetectionStrategy, Component, computed, input, linkedSignal, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { ImageTraits } from '@beamdesk/contracts';
import { softwareLine } from './traits-values';

let lastRow = 0;

/** How machines of a version run, what sets them up and what they hold: a part of every form that says so; read with `traitsOf`. */
@Component({
  selector: 'bd-traits-fields',
  imports: [MatButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './traits-fields.html',
  styleUrls: ['../staff/form.scss', './traits-fields.scss'],
})
export class TraitsFields {
  /** What stands now. */
  readonly start = input.required<ImageTraits>();

  protected readonly software = computed(() => this.start().software.map(softwareLine).join('\n'));
  protected readonly agent = linkedSignal(() => this.start().agent);
  protected readonly setup = linkedSignal<string>(() => this.start().setup?.kind ?? 'none');
  protected readonly rows = linkedSignal(() => (this.start().setup?.values ?? []).map((value) => ({ row: ++lastRow, ...value })));
  /** Said to who listens. */
  protected readonly said = signal('');

  protected add(): void {
    this.rows.update((rows) => [...rows, { row: ++lastRow, name: '', value: '', description: '' }]);
    this.said.set('A value was added.');
  }

  protected drop(row: number): void {
    this.rows.update((rows) => rows.filter((one) => one.row !== row));
    this.said.set('The value was removed.');
  }
}

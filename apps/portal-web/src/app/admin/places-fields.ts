import { ChangeDetectionStrategy, Component, input } from '@angular/core';

interface Place {
  readonly id: string;
  readonly name: string;
}

/** Beamlines and techniques to choose from: a part of a form; their ticks are `beamline-ID` and `technique-ID`. */
@Component({
  selector: 'bd-places-fields',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @for (kind of kinds; track kind.prefix) {
      @if (kind.of().length > 0) {
        <fieldset>
          <legend>{{ kind.label }}</legend>
          <div class="ticks">
            @for (one of kind.of(); track one.id) {
              <label class="tick">
                <input type="checkbox" [name]="kind.prefix + one.id" [checked]="kind.chosen().includes(one.id)" />
                {{ one.name }}
              </label>
            }
          </div>
        </fieldset>
      }
    }
  `,
  styleUrl: '../staff/form.scss',
  styles: `
    :host {
      display: grid;
      gap: 14px;
    }
    .ticks {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(min(160px, 100%), 1fr));
      gap: 2px 14px;
    }
  `,
})
export class PlacesFields {
  readonly beamlines = input.required<readonly Place[]>();
  readonly techniques = input.required<readonly Place[]>();
  readonly chosenBeamlines = input.required<readonly string[]>();
  readonly chosenTechniques = input.required<readonly string[]>();

  protected readonly kinds = [
    { prefix: 'beamline-', label: 'Beamlines', of: this.beamlines, chosen: this.chosenBeamlines },
    { prefix: 'technique-', label: 'Techniques', of: this.techniques, chosen: this.chosenTechniques },
  ] as const;
}

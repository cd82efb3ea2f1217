import { ChangeDetectionStrategy, Component, ElementRef, input, viewChildren } from '@angular/core';
import type { AmountName, RequestedAmounts } from '@beamdesk/contracts';
import { AMOUNT_FIELDS, type AmountField, amountsOf, told, typed } from './amount-fields';

/** Fields for amounts, each with what holds now. */
@Component({
  selector: 'bd-amounts-form',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <fieldset>
      <legend>{{ legend() }}</legend>
      <div class="amounts">
        @for (field of shown(); track field.name) {
          <label>
            <span>{{ field.label }}{{ field.unit === '' ? '' : ' (' + field.unit + ')' }}</span>
            <input
              #amount
              type="text"
              inputmode="decimal"
              autocomplete="off"
              [name]="field.name"
              [value]="first(field)"
              [attr.aria-describedby]="now()[field.name] === undefined ? null : 'now-' + field.name"
            />
            @if (now()[field.name]; as line) {
              <small [id]="'now-' + field.name">{{ line }}</small>
            }
          </label>
        }
      </div>
    </fieldset>
  `,
  styleUrls: ['../staff/form.scss', './amounts-form.scss'],
})
export class AmountsForm {
  readonly legend = input.required<string>();
  /** What is in the fields at first. */
  readonly amounts = input<RequestedAmounts>({});
  /** Only these; all of them without it. */
  readonly only = input<readonly AmountName[] | null>(null);
  /** A line under a field. */
  readonly now = input<Partial<Record<AmountName, string>>>({});
  private readonly fields = viewChildren<ElementRef<HTMLInputElement>>('amount');

  protected readonly shown = (): readonly AmountField[] => {
    const only = this.only();
    return only === null ? AMOUNT_FIELDS : AMOUNT_FIELDS.filter(({ name }) => only.includes(name));
  };
  protected readonly first = (field: AmountField): string => typed(field, this.amounts()[field.name]);

  /** A string says what is wrong. */
  value(): RequestedAmounts | string {
    return amountsOf(
      new Map(this.fields().map(({ nativeElement: { name, value } }) => [name as AmountName, value])),
    );
  }
}

/** "4 of 8 in use", "at most 8" */
export function nowLine(name: AmountName, used: number | undefined, limit: number | null): string {
  const field = AMOUNT_FIELDS.find((one) => one.name === name);
  if (!field) return '';
  return used === undefined ? `at most ${told(field, limit)} now` : `${told(field, used)} of ${told(field, limit)} in use`;
}

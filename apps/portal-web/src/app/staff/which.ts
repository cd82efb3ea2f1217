import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';

/** Which part of a list is shown: a row of buttons, one of them pressed. */
@Component({
  selector: 'bd-which',
  imports: [MatButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="which" role="group" [attr.aria-label]="label()">
      @for (one of choices(); track one.id) {
        <button matButton="outlined" type="button" [attr.aria-pressed]="chosen() === one.id" (click)="choose.emit(one.id)">
          {{ one.label }}
        </button>
      }
    </div>
  `,
  styles: `
    .which {
      display: flex;
      flex-wrap: wrap;
      gap: 8px;
      margin-top: 18px;
    }
    .which [aria-pressed='true'] {
      --mat-button-outlined-label-text-color: var(--mat-sys-on-secondary-container);

      border-color: transparent;
      background: var(--mat-sys-secondary-container);
    }
  `,
})
export class Which<Id extends string> {
  readonly label = input.required<string>();
  readonly choices = input.required<readonly { id: Id; label: string }[]>();
  readonly chosen = input.required<Id>();
  readonly choose = output<Id>();
}

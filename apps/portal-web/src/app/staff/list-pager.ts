import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';

/** To the page before and the one after; nothing where there is neither. */
@Component({
  selector: 'bd-list-pager',
  imports: [MatButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (before() || after()) {
      <nav class="pager" aria-label="Pages of the list">
        <button matButton="outlined" type="button" [disabled]="!before()" (click)="turn.emit(-1)">Previous</button>
        <button matButton="outlined" type="button" [disabled]="!after()" (click)="turn.emit(1)">Next</button>
      </nav>
    }
  `,
  styles: `
    .pager {
      display: flex;
      gap: 12px;
      justify-content: center;
      margin-top: 20px;
    }
  `,
})
export class ListPager {
  /** Whether there is one. */
  readonly before = input.required<boolean>();
  readonly after = input.required<boolean>();
  readonly turn = output<1 | -1>();
}

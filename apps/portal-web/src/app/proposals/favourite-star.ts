import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';
import { Icon } from '../shell/icon';

@Component({
  selector: 'bd-favourite-star',
  imports: [Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <button
      type="button"
      class="bd-icon-button"
      [class.on]="favourite()"
      [attr.aria-pressed]="favourite()"
      [attr.aria-label]="'Favourite: ' + name()"
      (click)="favouriteChange.emit(!favourite())"
    >
      <bd-icon name="star" [filled]="favourite()" />
    </button>
  `,
  styles: `
    .on {
      color: light-dark(#b57600, #ffc94d);
    }
  `,
})
export class FavouriteStar {
  readonly favourite = input.required<boolean>();
  readonly name = input.required<string>();
  readonly favouriteChange = output<boolean>();
}

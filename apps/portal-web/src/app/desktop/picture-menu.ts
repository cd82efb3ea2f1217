import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatMenu, MatMenuItem, MatMenuTrigger } from '@angular/material/menu';
import { Icon } from '../shell/icon';
import type { DisplayFit } from './remote-display/remote-display';

interface PictureMode {
  readonly fit: DisplayFit;
  /** On the button. */
  readonly short: string;
  readonly name: string;
  readonly hint: string;
}

const MODES: readonly PictureMode[] = [
  { fit: 'fit', short: 'Fit', name: 'Fit', hint: 'The whole picture, made smaller or larger' },
  { fit: 'one-to-one', short: '1:1', name: '1:1', hint: 'Every pixel of the desktop as one of this screen' },
  {
    fit: 'match',
    short: 'Match',
    name: 'Match my window',
    hint: "The desktop's own screen takes the size of this window",
  },
];
const NOT_YOURS = 'Only for those who control the desktop';

/** How the picture is put into the window: shows the present way, and offers all of them with what they do. */
@Component({
  selector: 'bd-picture-menu',
  imports: [Icon, MatButton, MatMenu, MatMenuItem, MatMenuTrigger],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <button matButton type="button" title="How the picture is put into the window" [matMenuTriggerFor]="menu">
      <span class="bd-sr-only">Picture: </span>{{ current().short }}
    </button>
    <mat-menu #menu="matMenu" class="bd-picture-menu">
      @for (mode of modes; track mode.fit) {
        <button
          mat-menu-item
          type="button"
          role="menuitemradio"
          [attr.aria-checked]="mode.fit === fit()"
          [disabled]="mode.fit === 'match' && !canMatch()"
          (click)="fitChange.emit(mode.fit)"
        >
          <span class="mode">
            <bd-icon name="check" [class.other]="mode.fit !== fit()" />
            <span>
              {{ mode.name }}
              <span class="hint">{{ mode.fit === 'match' && !canMatch() ? notYours : mode.hint }}</span>
            </span>
          </span>
        </button>
      }
    </mat-menu>
  `,
  styles: `
    .mode {
      display: flex;
      gap: 10px;
      align-items: start;
      padding: 6px 0;
    }
    .other {
      visibility: hidden;
    }
    .hint {
      display: block;
      color: var(--bd-muted);
      font-size: 0.8rem;
      font-weight: 400;
      line-height: 1.3;
    }
  `,
})
export class PictureMenu {
  readonly fit = input.required<DisplayFit>();
  /** False for who may only look on. */
  readonly canMatch = input(true);
  readonly fitChange = output<DisplayFit>();

  protected readonly modes = MODES;
  protected readonly notYours = NOT_YOURS;
  protected readonly current = computed(() => MODES.find(({ fit }) => fit === this.fit()) ?? MODES[0]);
}

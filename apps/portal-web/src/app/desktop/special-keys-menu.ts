import { ChangeDetectionStrategy, Component, ElementRef, input, output, viewChild } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDivider } from '@angular/material/divider';
import { MatMenu, MatMenuItem, MatMenuTrigger } from '@angular/material/menu';
import { FUNCTION_KEY_LIST, SPECIAL_KEYS } from './special-keys';

/** Sends keys that never reach the page from a keyboard. After a choice the desktop gets the focus, not the button. */
@Component({
  selector: 'bd-special-keys-menu',
  imports: [MatButton, MatDivider, MatMenu, MatMenuItem, MatMenuTrigger],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <button
      #button
      matButton
      type="button"
      title="Send keys that this computer keeps to itself"
      [disabled]="disabled()"
      [matMenuTriggerFor]="menu"
      [matMenuTriggerRestoreFocus]="false"
      (menuClosed)="closed()"
    >
      Keys
    </button>
    <mat-menu #menu="matMenu">
      @for (keys of combinations; track keys.label) {
        <button mat-menu-item type="button" (click)="chosen = keys.keysyms">{{ keys.label }}</button>
      }
      <mat-divider />
      <div class="function-keys" role="group" aria-label="Function keys">
        @for (keys of functionKeys; track keys.label) {
          <button mat-menu-item type="button" (click)="chosen = keys.keysyms">{{ keys.label }}</button>
        }
      </div>
    </mat-menu>
  `,
  styles: `
    .function-keys {
      display: grid;
      grid-template-columns: repeat(4, 1fr);
    }
  `,
})
export class SpecialKeysMenu {
  readonly disabled = input(false);
  /** Keysyms to be held down in this order. */
  readonly pressed = output<readonly number[]>();
  private readonly button = viewChild.required<MatButton, ElementRef<HTMLElement>>('button', { read: ElementRef });

  protected readonly combinations = SPECIAL_KEYS;
  protected readonly functionKeys = FUNCTION_KEY_LIST;
  protected chosen: readonly number[] | undefined;

  /** Told only once the menu is gone: until then it would take the focus back. */
  protected closed(): void {
    const keysyms = this.chosen;
    this.chosen = undefined;
    if (keysyms) this.pressed.emit(keysyms);
    else this.button().nativeElement.focus();
  }
}

import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { Icon } from './icon';
import { Toasts } from './toasts.store';

/** The live region: always in the page, so that screen readers hear what appears in it. */
@Component({
  selector: 'bd-toasts',
  imports: [Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="toasts" role="status" aria-live="polite">
      @for (toast of toasts.all(); track toast.id) {
        <div class="toast" [class.error]="toast.kind === 'error'">
          <bd-icon [name]="toast.kind === 'error' ? 'alert' : 'info'" />
          <span>{{ toast.text }}</span>
          <button type="button" class="bd-icon-button" aria-label="Dismiss" (click)="toasts.dismiss(toast.id)">
            <bd-icon name="close" />
          </button>
        </div>
      }
    </div>
  `,
  styleUrl: './toasts.scss',
})
export class ToastsRegion {
  protected readonly toasts = inject(Toasts);
}

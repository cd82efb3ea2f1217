import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { UserMessage } from '../api/user-message';
import { Icon } from './icon';

/** Something could not be shown: what, why, what to do, and Retry. */
@Component({
  selector: 'bd-problem',
  imports: [Icon, MatButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="problem" role="alert">
      <bd-icon name="alert" />
      <div>
        <p class="title">{{ message().title }}</p>
        <p>{{ message().text }}</p>
        <ng-content />
        @if (message().requestId; as id) {
          <p class="reference">Reference for the support: <code>{{ id }}</code></p>
        }
        <button matButton="tonal" type="button" [disabled]="busy()" (click)="retry.emit()">
          <bd-icon matButtonIcon name="retry" />{{ busy() ? 'Trying again …' : 'Try again' }}
        </button>
      </div>
    </div>
  `,
  styles: `
    .problem {
      display: flex;
      gap: 16px;
      padding: 20px;
      border: 1px solid var(--bd-error-line);
      border-radius: var(--bd-radius);
      background: var(--bd-error-wash);
    }
    .problem > bd-icon {
      color: var(--mat-sys-error);
      font-size: 1.25rem;
    }
    p {
      margin: 0 0 8px;
      max-width: 68ch;
    }
    .title {
      font-weight: 600;
    }
    .reference {
      color: var(--mat-sys-on-surface-variant);
      font-size: 0.8rem;
    }
    button {
      margin-top: 4px;
    }
  `,
})
export class Problem {
  readonly message = input.required<UserMessage>();
  readonly busy = input(false);
  readonly retry = output();
}

import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { Icon } from '../../shell/icon';
import { IconName } from '../../shell/icon-paths';

/** The card in the middle of the window that says what is the matter with a desktop when there is no picture of it. */
@Component({
  selector: 'bd-state-panel',
  imports: [Icon, RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section class="bd-card panel" [class.error]="tone() === 'error'">
      <bd-icon [name]="icon()" />
      <h2>{{ heading() }}</h2>
      <div [attr.role]="spoken() ? 'status' : null"><ng-content /></div>
      <div class="actions">
        <ng-content select="[action]" />
        <a routerLink="/proposals">Back to the proposals</a>
      </div>
    </section>
  `,
  styles: `
    .panel {
      display: grid;
      gap: 10px;
      width: min(480px, calc(100vw - 32px));
      padding: 28px;
    }
    .panel > bd-icon {
      color: var(--bd-busy);
      font-size: 1.6rem;
    }
    .error > bd-icon {
      color: var(--mat-sys-error);
    }
    .actions {
      display: flex;
      flex-wrap: wrap;
      gap: 12px 20px;
      align-items: center;
      margin-top: 8px;
    }
  `,
})
export class StatePanel {
  readonly heading = input.required<string>();
  readonly icon = input<IconName>('desktop');
  /** Changes of the content are read aloud; false where the content sees to that itself. */
  readonly spoken = input(true);
  readonly tone = input<'quiet' | 'error'>('quiet');
}

import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { InstancesStore } from '../api/instances.store';
import { Icon } from '../shell/icon';
import { stateWords } from '../resources/state-words';

/** Desktops whose proposal the list does not show just now (another page, a search, no catalogue): one click away. */
@Component({
  selector: 'bd-running-desktops',
  imports: [RouterLink, Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (hidden().length > 0) {
      <nav class="strip" aria-label="Your other desktops">
        <span>{{ except().length > 0 ? 'Also yours:' : 'Your desktops:' }}</span>
        @for (desktop of hidden(); track desktop.id) {
          <a [routerLink]="['/desktop', desktop.id]" [title]="desktop.proposalTitle">
            <bd-icon name="desktop" />{{ desktop.proposalName }} <span class="state">{{ words(desktop) }}</span>
          </a>
        }
      </nav>
    }
  `,
  styles: `
    .strip {
      display: flex;
      flex-wrap: wrap;
      gap: 8px 12px;
      align-items: center;
      margin-bottom: 16px;
      color: var(--bd-muted);
      font-size: 0.86rem;
    }
    a {
      display: inline-flex;
      gap: 8px;
      align-items: center;
      padding: 5px 14px;
      border-radius: 99px;
      color: var(--bd-ok);
      background: var(--bd-ok-wash);
      font-weight: 600;
      text-decoration: none;
    }
    a:hover {
      text-decoration: underline;
    }
    .state {
      font-weight: 450;
    }
  `,
})
export class RunningDesktops {
  /** Keys of the proposals that the page shows anyway. */
  readonly except = input<readonly string[]>([]);

  private readonly store = inject(InstancesStore);
  protected readonly hidden = computed(() =>
    this.store.all().filter(
      ({ proposalKey, state }) =>
        !this.except().includes(proposalKey) && ['REQUESTED', 'BUILDING', 'STARTING', 'READY'].includes(state),
    ),
  );
  protected readonly words = stateWords;
}

import { ChangeDetectionStrategy, Component } from '@angular/core';
import { RouterLink, RouterLinkActive } from '@angular/router';

const TABS = [
  { path: '/people', label: 'People' },
  { path: '/people/requests', label: 'Requests' },
  { path: '/people/quota-requests', label: 'Quota requests' },
  { path: '/people/invitations', label: 'Invitations' },
] as const;

/** The pages about who is let in, side by side. */
@Component({
  selector: 'bd-people-tabs',
  imports: [RouterLink, RouterLinkActive],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <nav aria-label="Who is let in">
      @for (tab of tabs; track tab.path) {
        <a
          [routerLink]="tab.path"
          routerLinkActive="active"
          ariaCurrentWhenActive="page"
          [routerLinkActiveOptions]="{ exact: true }"
          >{{ tab.label }}</a
        >
      }
    </nav>
  `,
  styles: `
    nav {
      display: flex;
      flex-wrap: wrap;
      gap: 4px;
      margin-bottom: 22px;
      border-bottom: 1px solid var(--bd-line);
    }
    a {
      margin-bottom: -1px;
      padding: 8px 14px;
      border-bottom: 3px solid transparent;
      color: var(--bd-muted);
      font-weight: 550;
      text-decoration: none;
    }
    a:hover {
      color: var(--mat-sys-on-surface);
    }
    .active {
      border-color: var(--mat-sys-primary);
      color: var(--mat-sys-on-surface);
    }
    @media (max-width: 640px) {
      nav {
        margin-inline: -4px;
      }
      a {
        flex: 1;
        padding-inline: 6px;
        text-align: center;
      }
    }
  `,
})
export class PeopleTabs {
  protected readonly tabs = TABS;
}

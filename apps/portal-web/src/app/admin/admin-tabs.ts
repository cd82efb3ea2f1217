import { ChangeDetectionStrategy, Component } from '@angular/core';
import { RouterLink, RouterLinkActive } from '@angular/router';

const TABS = [
  { path: '/images', label: 'Images' },
  { path: '/images/plans', label: 'Plans' },
  { path: '/images/flavours', label: 'Flavours' },
  { path: '/images/gpus', label: 'GPUs' },
] as const;

/** The pages about what desktops are made of, side by side. */
@Component({
  selector: 'bd-admin-tabs',
  imports: [RouterLink, RouterLinkActive],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <nav aria-label="What desktops are made of">
      @for (tab of tabs; track tab.path) {
        <a
          [routerLink]="tab.path"
          routerLinkActive="active"
          ariaCurrentWhenActive="page"
          [routerLinkActiveOptions]="match"
          >{{ tab.label }}</a
        >
      }
    </nav>
  `,
  styles: `
    nav {
      display: flex;
      gap: 4px;
      margin-bottom: 22px;
      overflow-x: auto;
      border-bottom: 1px solid var(--bd-line);
      scrollbar-width: none;
    }
    a {
      flex: none;
      padding: 8px 14px;
      border-bottom: 3px solid transparent;
      color: var(--bd-muted);
      font-weight: 550;
      text-decoration: none;
    }
    a:focus-visible {
      outline-offset: -3px;
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
        padding-inline: 10px;
      }
    }
  `,
})
export class AdminTabs {
  protected readonly match = { paths: 'exact', queryParams: 'ignored', fragment: 'ignored', matrixParams: 'ignored' } as const;
  protected readonly tabs = TABS;
}

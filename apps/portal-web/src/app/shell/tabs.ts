import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { RouterLink, RouterLinkActive } from '@angular/router';

/** A page beside others. */
export interface Tab {
  readonly path: string;
  readonly label: string;
}

/** Pages about one matter, side by side; where the screen is too narrow, in several rows. */
@Component({
  selector: 'bd-tabs',
  imports: [RouterLink, RouterLinkActive],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <nav [attr.aria-label]="label()">
      @for (tab of tabs(); track tab.path) {
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
      border-bottom: 1px solid var(--bd-line);
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
        flex-wrap: wrap;
        margin-inline: -4px;
      }
      a {
        padding-inline: 10px;
      }
    }
  `,
})
export class Tabs {
  /** What they are about; for screen readers. */
  readonly label = input.required<string>();
  readonly tabs = input.required<readonly Tab[]>();
  /** A page's own filters are in its address, and it stays the page. */
  protected readonly match = { paths: 'exact', queryParams: 'ignored', fragment: 'ignored', matrixParams: 'ignored' } as const;
}

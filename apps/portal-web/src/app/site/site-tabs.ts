import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { RouterLink, RouterLinkActive } from '@angular/router';
import { SessionStore } from '../api/session.store';

interface SiteTab {
  readonly path: string;
  readonly label: string;
  /** Who is shown it: STAFF, SUPPORT and ADMIN; those who decide; ADMIN alone. */
  readonly to: 'staff' | 'deciders' | 'admins';
}

const TABS: readonly SiteTab[] = [
  { path: '/site', label: 'Desktops', to: 'staff' },
  { path: '/site/hosts', label: 'Hosts', to: 'staff' },
  { path: '/site/usage', label: 'Usage', to: 'staff' },
  { path: '/site/quotas', label: 'Quotas', to: 'deciders' },
  { path: '/templates', label: 'Templates', to: 'staff' },
  { path: '/site/announcements', label: 'Announcements', to: 'admins' },
  { path: '/site/audit', label: 'Audit', to: 'admins' },
];

/** The pages about the whole site, side by side. */
@Component({
  selector: 'bd-site-tabs',
  imports: [RouterLink, RouterLinkActive],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <nav aria-label="The site">
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
export class SiteTabs {
  private readonly session = inject(SessionStore);
  protected readonly match = { paths: 'exact', queryParams: 'ignored', fragment: 'ignored', matrixParams: 'ignored' } as const;
  protected readonly tabs = computed(() =>
    TABS.filter(({ to }) => to === 'staff' || (to === 'admins' ? this.session.admin() : this.session.decides())),
  );
}

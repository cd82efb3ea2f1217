import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { SessionStore } from '../api/session.store';
import { Tab, Tabs } from '../shell/tabs';

interface SiteTab extends Tab {
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
  imports: [Tabs],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<bd-tabs label="The site" [tabs]="tabs()" />`,
})
export class SiteTabs {
  private readonly session = inject(SessionStore);
  protected readonly tabs = computed(() =>
    TABS.filter(({ to }) => to === 'staff' || (to === 'admins' ? this.session.admin() : this.session.decides())),
  );
}

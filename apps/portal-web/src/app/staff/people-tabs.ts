import { ChangeDetectionStrategy, Component } from '@angular/core';
import { Tab, Tabs } from '../shell/tabs';

const TABS: readonly Tab[] = [
  { path: '/people', label: 'People' },
  { path: '/people/requests', label: 'Requests' },
  { path: '/people/quota-requests', label: 'Quota requests' },
  { path: '/people/invitations', label: 'Invitations' },
];

/** The pages about who is let in, side by side. */
@Component({
  selector: 'bd-people-tabs',
  imports: [Tabs],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<bd-tabs label="Who is let in" [tabs]="tabs" />`,
})
export class PeopleTabs {
  protected readonly tabs = TABS;
}

import { ChangeDetectionStrategy, Component } from '@angular/core';
import { Tab, Tabs } from '../shell/tabs';

const TABS: readonly Tab[] = [
  { path: '/images', label: 'Images' },
  { path: '/images/plans', label: 'Plans' },
  { path: '/images/flavours', label: 'Flavours' },
  { path: '/images/gpus', label: 'GPUs' },
];

/** The pages about what desktops are made of, side by side. */
@Component({
  selector: 'bd-admin-tabs',
  imports: [Tabs],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<bd-tabs label="What desktops are made of" [tabs]="tabs" />`,
})
export class AdminTabs {
  protected readonly tabs = TABS;
}

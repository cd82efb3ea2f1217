import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { MonitoredDesktop } from '@beamdesk/contracts';
import { Clock } from '../api/clock';
import { needsWords } from '../quotas/resource-words';
import { ago, remaining } from '../shell/durations';
import { MomentPipe } from '../shell/time.pipes';
import { siteStateTone, siteStateWords } from './desktop-words';
import { DesktopsStore } from './desktops.store';

/** Desktops of others: a table, and cards where there is no room for one. */
@Component({
  selector: 'bd-desktops-table',
  imports: [MomentPipe, RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './desktops-table.html',
  styleUrl: './desktops-table.scss',
})
export class DesktopsTable {
  readonly desktops = input.required<readonly MonitoredDesktop[]>();
  /** They can be selected. */
  readonly selectable = input(false);

  protected readonly store = inject(DesktopsStore);
  private readonly clock = inject(Clock);
  protected readonly words = siteStateWords;
  protected readonly tone = siteStateTone;
  protected readonly all = computed(() => this.desktops().every((one) => this.store.isSelected(one)));
  protected readonly some = computed(() => !this.all() && this.desktops().some((one) => this.store.isSelected(one)));

  protected holds({ allocation }: MonitoredDesktop): string {
    return needsWords({ ...allocation, machines: 0 }) || 'nothing';
  }

  protected since(iso: string): string {
    return ago(this.clock.now() - Date.parse(iso));
  }

  protected left(iso: string): string {
    return remaining(Date.parse(iso) - this.clock.now());
  }

  protected label({ owner, proposalName }: MonitoredDesktop): string {
    return `Select the desktop of ${owner.name}, ${proposalName}`;
  }
}

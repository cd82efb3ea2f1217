import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import type { InstanceView, PlanView, ShortfallView } from '@beamdesk/contracts';
import { Clock } from '../api/clock';
import { InstancesStore } from '../api/instances.store';
import { lifetime, remaining, stopwatch } from '../shell/durations';
import { Icon } from '../shell/icon';
import { needsWords, shortfallWords } from '../quotas/resource-words';
import { StopDesktop } from '../resources/stop-desktop';
import { DesktopButtonState, desktopButtonState } from './desktop-button-state';
import { Launches } from './launches.store';

/** The desktop of one proposal: tells its state at every moment, by push, and offers what can be done in it. */
@Component({
  selector: 'bd-desktop-button',
  imports: [MatButton, RouterLink, Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './desktop-button.html',
  styleUrl: './desktop-button.scss',
  host: { '[attr.data-state]': 'state().kind' },
})
export class DesktopButton {
  readonly proposalKey = input.required<string>();
  readonly proposalName = input.required<string>();
  /** What one click starts; null: nothing is offered. */
  readonly plan = input.required<PlanView | null>();
  /** The desktop as it came with the page; used until the first push. */
  readonly desktop = input<InstanceView | null>(null);

  private readonly store = inject(InstancesStore);
  private readonly clock = inject(Clock);
  protected readonly launches = inject(Launches);
  protected readonly stopDesktop = inject(StopDesktop);

  private readonly pushed = computed(() => this.store.byProposal(this.proposalKey()));
  protected readonly state = computed<DesktopButtonState>(() =>
    desktopButtonState({
      instance: this.pushed()() ?? (this.store.loaded() ? undefined : (this.desktop() ?? undefined)),
      plan: this.plan(),
      quota: this.store.quota(),
      asking: this.launches.asking(this.proposalKey()),
      problem: this.launches.problem(this.proposalKey()),
    }),
  );

  protected readonly needs = needsWords;
  protected readonly lifetime = lifetime;

  protected since(instance: InstanceView): string {
    return stopwatch(this.clock.now() - Date.parse(instance.stateSince));
  }

  protected left(instance: InstanceView): string | undefined {
    return instance.expiresAt === null ? undefined : remaining(Date.parse(instance.expiresAt) - this.clock.now());
  }

  /** Desktops that hold some of what is missing, so that stopping one helps; three are named at most. */
  protected holders(missing: readonly ShortfallView[]): string {
    const names = this.store
      .all()
      .filter(({ allocation, role }) => role === 'OWNER' && missing.some(({ resource }) => allocation[resource] > 0))
      .map(({ proposalName }) => proposalName);
    return names.length > 3 ? `${names.slice(0, 3).join(', ')} …` : names.join(' or ');
  }

  protected words(missing: readonly ShortfallView[]): readonly string[] {
    return missing.map(shortfallWords);
  }
}

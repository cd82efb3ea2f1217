import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import type { InstanceView, LaunchView, PlanOffer, PlanView } from '@beamdesk/contracts';
import { AnnouncementsStore } from '../api/announcements.store';
import { Clock } from '../api/clock';
import { InstancesStore } from '../api/instances.store';
import { SessionStore } from '../api/session.store';
import { DesktopChunks } from '../desktop/desktop-chunks';
import { missingWords, needsWords } from '../quotas/resource-words';
import { planLine } from '../resources/disk-words';
import { coldReason, isOverdue, keptDiskOffer, launchOffer, launchPace } from '../resources/launch-words';
import { IdleNotice } from '../resources/idle-notice';
import { queueWords } from '../resources/queue-words';
import { StopDesktop } from '../resources/stop-desktop';
import { remaining, stopwatch } from '../shell/durations';
import { Icon } from '../shell/icon';
import { MomentPipe } from '../shell/time.pipes';
import { DesktopButtonState, desktopButtonState } from './desktop-button-state';
import { Launches } from './launches.store';
import { PlanMenu } from './plan-menu';

/** The desktop of one proposal: tells its state at every moment, by push, and offers what can be done in it. */
@Component({
  selector: 'bd-desktop-button',
  imports: [MatButton, MomentPipe, RouterLink, Icon, IdleNotice, PlanMenu],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './desktop-button.html',
  styleUrl: './desktop-button.scss',
  host: {
    '[attr.data-state]': 'state().kind',
    // Coming near is enough to have the page of the desktop at hand when the click comes.
    '(pointerenter)': 'chunks.prefetch()',
    '(focusin)': 'chunks.prefetch()',
  },
})
export class DesktopButton {
  readonly proposalKey = input.required<string>();
  readonly proposalName = input.required<string>();
  /** The beamline that the proposal's desktops count for; null: none, or not known here. */
  readonly beamlineId = input<string | null>(null);
  /** What one click starts; null: nothing is offered. */
  readonly plan = input.required<PlanView | null>();
  /** Every plan that is offered here, best first: a menu where there is a choice. */
  readonly offers = input<readonly PlanOffer[]>([]);
  /** What a click would do, as it was when the page was loaded; null: not known. */
  readonly launch = input<LaunchView | null>(null);
  /** The desktop as it came with the page; used until the first push. */
  readonly desktop = input<InstanceView | null>(null);

  private readonly store = inject(InstancesStore);
  private readonly clock = inject(Clock);
  private readonly announcements = inject(AnnouncementsStore);
  private readonly session = inject(SessionStore);
  protected readonly launches = inject(Launches);
  protected readonly stopDesktop = inject(StopDesktop);
  protected readonly chunks = inject(DesktopChunks);

  protected readonly place = computed(() => ({
    proposalKey: this.proposalKey(),
    proposalName: this.proposalName(),
    beamlineId: this.beamlineId(),
  }));
  private readonly pushed = computed(() => this.store.byProposal(this.proposalKey()));
  protected readonly state = computed<DesktopButtonState>(() =>
    desktopButtonState({
      instance: this.pushed()() ?? (this.store.loaded() ? undefined : (this.desktop() ?? undefined)),
      plan: this.plan(),
      offers: this.offers(),
      quota: this.store.quota(),
      place: this.place(),
      maintenance: this.session.admin() ? undefined : this.announcements.maintenance(),
      asking: this.launches.asking(this.proposalKey()),
      problem: this.launches.problem(this.proposalKey()),
      problemPlan: this.launches.refusedPlan(this.proposalKey()),
    }),
  );

  protected readonly hintId = computed(() => `hint-${this.proposalKey().replace(/[^\w-]/g, '-')}`);
  protected readonly needs = needsWords;
  protected readonly planLine = planLine;
  protected readonly queueWords = queueWords;
  protected readonly offer = launchOffer;
  protected readonly keptDisk = keptDiskOffer;
  protected readonly lacking = missingWords;

  /** How the plan that is being asked for starts. */
  protected asked(): LaunchView | null {
    const plan = this.launches.askedPlan(this.proposalKey());
    return plan === undefined ? this.launch() : (this.offers().find((one) => one.plan.id === plan)?.launch ?? null);
  }

  /** The same plan once more; the one of a click where it is no longer offered. */
  protected again(plan: string | undefined): void {
    const other = plan !== this.plan()?.id && this.offers().some((one) => one.plan.id === plan);
    void this.launches.launch(this.proposalKey(), other ? plan : undefined);
  }

  protected since(instance: InstanceView): string {
    return stopwatch(this.clock.now() - Date.parse(instance.stateSince));
  }

  protected left(instance: InstanceView): string | undefined {
    return instance.expiresAt === null ? undefined : remaining(Date.parse(instance.expiresAt) - this.clock.now());
  }

  protected pace(instance: InstanceView): string {
    return launchPace(instance.launch, this.elapsed(instance));
  }

  protected late(instance: InstanceView): boolean {
    return isOverdue(instance.launch, this.elapsed(instance));
  }

  protected why(instance: InstanceView): string | undefined {
    return coldReason(instance.launch);
  }

  private elapsed(instance: InstanceView): number {
    return (this.clock.now() - this.store.askedAt(instance)) / 1000;
  }
}

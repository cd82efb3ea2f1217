import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import type { InstanceView } from '@beamdesk/contracts';
import { Clock } from '../api/clock';
import { DesktopButton } from '../proposals/desktop-button';
import { amount, needsWords } from '../quotas/resource-words';
import { DesktopLife } from '../requests/desktop-life';
import { ago, remaining } from '../shell/durations';
import { Icon } from '../shell/icon';
import { MomentPipe } from '../shell/time.pipes';
import { expiryWords } from './disk-words';
import { StateBadge } from './state-badge';

/** Below this the time left is shown as a warning. */
const SOON_MS = 15 * 60_000;

/** One desktop with everything that is known of it. */
@Component({
  selector: 'bd-resource-card',
  imports: [MatButton, RouterLink, DesktopButton, DesktopLife, Icon, MomentPipe, StateBadge],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './resource-card.html',
  styleUrl: './resource-card.scss',
})
export class ResourceCard {
  readonly instance = input.required<InstanceView>();

  private readonly clock = inject(Clock);
  private readonly leftMs = computed(() => {
    const { expiresAt } = this.instance();
    return expiresAt === null ? undefined : Date.parse(expiresAt) - this.clock.now();
  });

  protected readonly owner = computed(() => this.instance().role === 'OWNER');
  protected readonly left = computed(() => {
    const ms = this.leftMs();
    return ms === undefined ? undefined : remaining(ms);
  });
  protected readonly soon = computed(() => {
    const ms = this.leftMs();
    return ms !== undefined && ms < SOON_MS;
  });
  protected readonly lastAccess = computed(() => {
    const { lastAccessAt } = this.instance();
    return lastAccessAt === null ? 'not entered yet' : ago(this.clock.now() - Date.parse(lastAccessAt));
  });
  protected readonly holds = computed(() => needsWords(this.instance().allocation) || 'nothing');
  /** What becomes of the disk, or what of it a stopped desktop holds. */
  protected readonly disk = computed(() => {
    const { plan, state, allocation } = this.instance();
    if (state === 'STOPPED') return `kept, ${amount('storageMib', allocation.storageMib)}`;
    return plan.keepsDisk ? 'kept when it stops' : 'thrown away at the end';
  });
  protected readonly expiry = computed(() => expiryWords(this.instance().plan));
}

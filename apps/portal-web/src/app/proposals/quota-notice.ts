import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { AmountName, ProposalView, ResourceName } from '@beamdesk/contracts';
import { InstancesStore } from '../api/instances.store';
import { isOwn, leftAt, shortfalls } from '../quotas/quota-at';
import { RESOURCE_LABELS, amount, isHour } from '../quotas/resource-words';
import { Icon } from '../shell/icon';

const NAMED = 3;

/** Once a page: what of the quota is used up, and which desktops hold it. Each button then only says what it lacks. */
@Component({
  selector: 'bd-quota-notice',
  imports: [RouterLink, Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (used().length > 0) {
      <p role="status">
        <bd-icon name="gauge" />
        <span>
          <strong>Your quota is full.</strong> {{ used().join(', ') }}.
          @if (holders(); as names) {
            To make room, stop <a routerLink="/resources">{{ names }}</a>.
          } @else {
            One desktop is more than you may hold. <a routerLink="/quotas">See your quotas</a>
          }
        </span>
      </p>
    }
  `,
  styles: `
    p {
      display: flex;
      gap: 10px;
      align-items: baseline;
      margin: 0 0 12px;
      padding: 9px 14px;
      border: 1px solid var(--bd-warn-line);
      border-radius: 10px;
      background: var(--bd-warn-wash);
      font-size: 0.88rem;
    }
    bd-icon,
    strong {
      color: var(--bd-warn);
    }
  `,
})
export class QuotaNotice {
  /** What the page shows: only plans that a click could start count. */
  readonly proposals = input.required<readonly Pick<ProposalView, 'key' | 'plan'>[]>();

  private readonly store = inject(InstancesStore);
  private readonly missing = computed(() => {
    const quota = this.store.quota();
    if (!quota) return [];
    const taken = new Set(this.store.all().flatMap(({ proposalKey, role }) => (role === 'OWNER' ? [proposalKey] : [])));
    const lacking = this.proposals().flatMap(({ key, plan }) =>
      plan === null || taken.has(key)
        ? []
        : shortfalls(quota, plan)
            .filter(isOwn)
            .map(({ resource }) => resource),
    );
    return [...new Set(lacking)];
  });
  protected readonly used = computed(() => {
    const quota = this.store.quota();
    if (!quota) return [];
    return this.missing().map((name) => {
      const own = quota.subjects.find(({ subject }) => subject.kind === 'user');
      const rest = leftAt({ ...quota, subjects: own ? [own] : [] })[name] ?? 0;
      const limit = (isHeld(name) ? quota.limits[name] : own?.limits[name]) ?? 0;
      return `${RESOURCE_LABELS[name]}: ${rest > 0 ? amount(name, rest) : 'none'} of ${amount(name, limit)} left`;
    });
  });
  /** Desktops that hold some of what is missing, so that stopping one helps; three are named at most. */
  protected readonly holders = computed(() => {
    const names = this.store
      .all()
      .filter(({ allocation, role }) => role === 'OWNER' && this.missing().some((resource) => isHeld(resource) && allocation[resource] > 0))
      .map(({ proposalName }) => proposalName);
    return names.length > NAMED ? `${names.slice(0, NAMED).join(', ')} …` : names.join(' or ');
  });
}

/** What a desktop holds while it is there: stopping one gives it back. */
function isHeld(name: AmountName): name is ResourceName {
  return !isHour(name);
}

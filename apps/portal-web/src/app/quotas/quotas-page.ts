import { ChangeDetectionStrategy, Component, computed, inject, linkedSignal } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { PlanView } from '@beamdesk/contracts';
import { map } from 'rxjs';
import { InstancesStore } from '../api/instances.store';
import { createLoader } from '../api/loader';
import { ProposalsApi } from '../api/proposals.api';
import { QuotaApi } from '../api/quota.api';
import { QuotaMeter } from '../proposals/quota-meter';
import { OwnRequests } from '../requests/own-requests';
import { Problem } from '../shell/problem';
import { shortfalls } from './quota-at';
import { RESOURCE_LABELS, RESOURCE_NAMES, amount, needsWords, shortfallWords } from './resource-words';

/** What the person may hold, holds, and has left; and what one more desktop would take of it. */
@Component({
  selector: 'bd-quotas-page',
  imports: [OwnRequests, RouterLink, QuotaMeter, Problem],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './quotas-page.html',
  styleUrl: './quotas-page.scss',
})
export class QuotasPage {
  private readonly quotaApi = inject(QuotaApi);
  private readonly proposals = inject(ProposalsApi);
  private readonly instances = inject(InstancesStore);

  protected readonly loaded = createLoader(() => this.quotaApi.get());
  protected readonly offers = createLoader(() =>
    this.proposals
      .list({ search: '', sort: 'recent', favourites: false, offset: 0, limit: 100 })
      .pipe(map(({ items }) => distinct(items.flatMap(({ plan }) => plan ?? [])))),
  );
  /** Pushed figures win: they are never older. */
  protected readonly quota = computed(() => this.instances.quota() ?? this.loaded.value());
  protected readonly plans = computed(() => this.offers.value() ?? []);
  protected readonly chosen = linkedSignal<PlanView | undefined>(() => this.plans().at(0));
  protected readonly missing = computed(() => {
    const [quota, plan] = [this.quota(), this.chosen()];
    return quota && plan ? shortfalls(quota, plan) : [];
  });
  protected readonly rows = computed(() => {
    const quota = this.quota();
    if (!quota) return [];
    return RESOURCE_NAMES.map((name) => {
      const [limit, standard] = [quota.limits[name], quota.defaults[name]];
      return {
        name,
        label: RESOURCE_LABELS[name],
        used: amount(name, quota.usage[name]),
        available: amount(name, quota.available[name]),
        limit: amount(name, limit),
        standard: amount(name, standard),
        own: limit !== standard,
        more: this.chosen()?.needs[name] ?? 0,
      };
    });
  });

  protected readonly needs = needsWords;
  protected readonly words = shortfallWords;
  protected readonly amount = amount;

  constructor() {
    this.loaded.load(undefined);
    this.offers.load(undefined);
  }
}

function distinct(plans: readonly PlanView[]): PlanView[] {
  return [...new Map(plans.map((plan) => [plan.id, plan])).values()];
}

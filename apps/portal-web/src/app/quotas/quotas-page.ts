import { ChangeDetectionStrategy, Component, computed, inject, linkedSignal } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { PlanView, QuotaSubject } from '@beamdesk/contracts';
import { map } from 'rxjs';
import { InstancesStore } from '../api/instances.store';
import { createLoader } from '../api/loader';
import { ProposalsApi } from '../api/proposals.api';
import { QuotaApi } from '../api/quota.api';
import { QuotaMeter } from '../proposals/quota-meter';
import { OwnRequests } from '../requests/own-requests';
import { Problem } from '../shell/problem';
import { OverrideList } from './override-list';
import { shortfalls } from './quota-at';
import { AMOUNT_NAMES, RESOURCE_LABELS, RESOURCE_NAMES, amount, isHour, needsWords, shortfallWords } from './resource-words';
import { SubjectFigures } from './subject-figures';

const HOURS = AMOUNT_NAMES.filter(isHour);

const SHARED_BY: Readonly<Record<QuotaSubject['kind'], string>> = {
  user: '',
  proposal: 'Shared by the desktops of everybody on this proposal.',
  beamline: 'Shared by all desktops that count for this beamline.',
  site: 'Shared by all desktops.',
};

/** What the person may hold, holds, and has left; and what one more desktop would take of it. */
@Component({
  selector: 'bd-quotas-page',
  imports: [OwnRequests, OverrideList, RouterLink, QuotaMeter, Problem, SubjectFigures],
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
    // A site without GPUs is not asked about them.
    const shown = RESOURCE_NAMES.filter((name) => name !== 'gpus' || quota.limits.gpus + quota.usage.gpus > 0);
    return shown.map((name) => {
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

  private readonly own = computed(() => this.quota()?.subjects.find(({ subject }) => subject.kind === 'user'));
  /** Where they are limited or used. */
  protected readonly hours = computed(() => {
    const own = this.own();
    return own && HOURS.some((name) => own.limits[name] !== null || own.usage[name] > 0) ? own : undefined;
  });
  protected readonly changed = computed(() => this.own()?.overrides ?? []);
  /** Of what is held at once: "4 of 10 vCPUs: 2 in proposal 20260301, …". */
  protected readonly explained = computed(() =>
    RESOURCE_NAMES.flatMap((name) => {
      const own = this.own();
      const line = own?.explained[name];
      return own && line && own.usage[name] > 0 ? [line] : [];
    }),
  );
  protected readonly shared = computed(() => this.quota()?.subjects.filter(({ subject }) => subject.kind !== 'user') ?? []);
  protected readonly hourNames = HOURS;
  protected readonly sharedBy = SHARED_BY;

  protected nameOf({ kind, name }: QuotaSubject): string {
    return kind === 'site' ? name : `${kind === 'proposal' ? 'Proposal' : 'Beamline'} ${name}`;
  }

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

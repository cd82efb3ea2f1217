import { ChangeDetectionStrategy, Component, computed, effect, inject, signal, untracked } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { MatButton } from '@angular/material/button';
import { ActivatedRoute, Router } from '@angular/router';
import type { UsageView } from '@beamdesk/contracts';
import { map } from 'rxjs';
import { Clock } from '../api/clock';
import { createLoader } from '../api/loader';
import { MonitorApi } from '../api/monitor.api';
import { Icon } from '../shell/icon';
import { Problem } from '../shell/problem';
import { ListWait } from '../staff/list-wait';
import { Which } from '../staff/which';
import { SiteTabs } from './site-tabs';
import { UsageChart } from './usage-chart';
import {
  addressOf,
  BY,
  lackOf,
  type Measure,
  MEASURES,
  STEPS,
  stepWords,
  type UsageAddress,
  usageFileOf,
  usageNumber,
  usageParams,
  usageQueryOf,
} from './usage-query';

/** What desktops held over time. For STAFF, of their beamlines, SUPPORT and ADMIN. */
@Component({
  selector: 'bd-usage-page',
  imports: [Icon, ListWait, MatButton, Problem, SiteTabs, UsageChart, Which],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './usage-page.html',
  styleUrl: './usage-page.scss',
})
export class UsagePage {
  private readonly api = inject(MonitorApi);
  private readonly router = inject(Router);
  private readonly route = inject(ActivatedRoute);
  private readonly params = toSignal(this.route.queryParamMap, { initialValue: this.route.snapshot.queryParamMap });
  private readonly now = untracked(inject(Clock).now);
  protected readonly address = computed(() => addressOf(this.params(), this.now));
  protected readonly lack = computed(() => lackOf(this.address()));
  protected readonly file = computed(() => usageFileOf(this.address()));
  protected readonly measure = signal<Measure>('vcpuHours');
  protected readonly loader = createLoader((asked: UsageAddress) =>
    this.api.usage(usageQueryOf(asked)).pipe(map((usage) => ({ asked, usage }))),
  );
  protected readonly usage = computed<UsageView | undefined>(() => {
    const answer = this.loader.value();
    return answer?.asked === this.address() ? answer.usage : undefined;
  });
  /** Every step in which there is something, newest first, for the table. */
  protected readonly rows = computed(() => {
    const usage = this.usage();
    if (!usage) return [];
    return usage.steps
      .map((iso, n) => ({
        iso,
        words: stepWords(iso, usage.step),
        values: usage.series.map(({ points }) => points[n]?.[this.measure()] ?? 0),
      }))
      .filter(({ values }) => values.some((value) => value > 0))
      .reverse();
  });
  protected readonly summary = computed(() => {
    const total = this.usage()?.total;
    if (!total) return '';
    if (total.desktops === 0) return 'Nothing was used in this time.';
    const desktops = total.desktops === 1 ? 'One desktop' : `${total.desktops} desktops`;
    const people = total.people === 1 ? 'one person' : `${total.people} people`;
    const gpus = total.gpuHours > 0 ? ` and ${usageNumber(total.gpuHours)} GPU-hours` : '';
    return `${desktops} of ${people}: ${usageNumber(total.vcpuHours)} vCPU-hours${gpus}.`;
  });
  protected readonly by = BY;
  protected readonly steps = STEPS;
  protected readonly measures = MEASURES;
  protected readonly number = usageNumber;
  protected readonly measureName = computed(() => MEASURES.find(({ id }) => id === this.measure())?.label ?? '');

  constructor() {
    effect(() => {
      const address = this.address();
      if (lackOf(address) === undefined) untracked(() => this.loader.load(address));
    });
  }

  protected ask(change: Partial<UsageAddress>): void {
    void this.router.navigate([], {
      relativeTo: this.route,
      queryParams: usageParams({ ...this.address(), ...change }),
    });
  }

  protected reload(): void {
    this.loader.load(this.address());
  }
}

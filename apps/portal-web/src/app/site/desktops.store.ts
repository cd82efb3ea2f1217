import { Injectable, computed, effect, inject, linkedSignal, signal, untracked } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, Router } from '@angular/router';
import type {
  DesktopAction,
  DesktopActionResult,
  MonitoredDesktop,
  MonitoredDesktops,
  MonitoredDesktopsQuery,
} from '@beamdesk/contracts';
import { firstValueFrom } from 'rxjs';
import { MonitorApi } from '../api/monitor.api';
import { createWatchedList } from '../api/watched-list';
import { DESKTOPS_PER_PAGE, paramsOf, queryOf } from './desktop-query';

const AGAIN_MS = 10_000;

/** One that an action was refused for, with the name it had on the page. */
export interface Refused extends DesktopActionResult {
  readonly name: string;
}

/** Desktops of everybody as the address picks them out, and which of them are selected. */
@Injectable()
export class DesktopsStore {
  private readonly api = inject(MonitorApi);
  private readonly router = inject(Router);
  private readonly route = inject(ActivatedRoute);
  private readonly params = toSignal(this.route.queryParamMap, { initialValue: this.route.snapshot.queryParamMap });
  private readonly chosen = signal<ReadonlySet<string>>(new Set());
  private readonly watched = createWatchedList<MonitoredDesktopsQuery, MonitoredDesktops>(
    queryOf(this.route.snapshot.queryParamMap),
    (query) => this.api.desktops(query),
    () => AGAIN_MS,
  );

  readonly query = this.watched.query;
  readonly list = this.watched.loader;
  readonly page = this.watched.page;
  /** The last page that came: its figures and choices stay while another one is on its way. */
  readonly known = linkedSignal<MonitoredDesktops | undefined, MonitoredDesktops | undefined>({
    source: this.page,
    computation: (page, before) => page ?? before?.value,
  });
  /** Why the last action was not done for some. */
  readonly refused = signal<readonly Refused[]>([]);
  readonly before = computed(() => this.query().offset > 0);
  readonly after = computed(() => this.query().offset + DESKTOPS_PER_PAGE < (this.page()?.total ?? 0));
  /** Those of this page that are selected. */
  readonly selected = computed(() => (this.page()?.items ?? []).filter(({ id }) => this.chosen().has(id)));

  constructor() {
    let first = true;
    effect(() => {
      const query = queryOf(this.params());
      untracked(() => {
        if (!first) this.watched.show(query);
        first = false;
      });
    });
  }

  /** From the first page on; goes into the address. */
  ask(change: Partial<MonitoredDesktopsQuery>): void {
    this.go({ ...this.query(), ...change, offset: 0 });
  }

  turn(pages: 1 | -1): void {
    this.go({ ...this.query(), offset: Math.max(0, this.query().offset + pages * DESKTOPS_PER_PAGE) });
  }

  load(): void {
    this.watched.load();
  }

  isSelected({ id }: MonitoredDesktop): boolean {
    return this.chosen().has(id);
  }

  select(desktops: readonly MonitoredDesktop[], on: boolean): void {
    this.chosen.update((ids) => {
      const next = new Set(ids);
      for (const { id } of desktops)
        if (on) next.add(id);
        else next.delete(id);
      return next;
    });
  }

  /** How many it was done for. Rejects with an `ApiError`; what was refused stays selected. */
  async act(action: DesktopAction, desktops: readonly MonitoredDesktop[]): Promise<number> {
    const { results } = await firstValueFrom(this.api.act(action));
    const name = (id: string) => desktops.find((one) => one.id === id);
    this.refused.set(
      results
        .filter(({ done }) => !done)
        .map((one) => ({ ...one, name: `${name(one.id)?.owner.name ?? one.id}, ${name(one.id)?.proposalName ?? ''}` })),
    );
    const done = desktops.filter(({ id }) => results.some((one) => one.id === id && one.done));
    this.select(done, false);
    this.load();
    return done.length;
  }

  private go(query: MonitoredDesktopsQuery): void {
    this.chosen.set(new Set());
    void this.router.navigate([], { relativeTo: this.route, queryParams: paramsOf(query) });
  }
}

import { ChangeDetectionStrategy, Component, DestroyRef, computed, effect, inject, input, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { Router } from '@angular/router';
import type { ProposalView } from '@beamdesk/contracts';
import { InstancesStore } from '../api/instances.store';
import { createLoader } from '../api/loader';
import { ProposalsApi } from '../api/proposals.api';
import { Icon } from '../shell/icon';
import { Problem } from '../shell/problem';
import { MomentPipe } from '../shell/time.pipes';
import { Favourites } from './favourites';
import { ListQuery, PAGE_SIZE, SORTS, pageOf, sortOf, toParams, toRequest } from './list-query';
import { CatalogueSignInNotice } from './catalogue-sign-in/catalogue-sign-in-notice';
import { ProposalCard } from './proposal-card';
import { QuotaNotice } from './quota-notice';
import { QuotaSummary } from './quota-summary';
import { RunningDesktops } from './running-desktops';

const TYPING_PAUSE_MS = 250;

/** What the person may work on. The address holds search, sort and page, so that Back, reload and a link agree. */
@Component({
  selector: 'bd-proposals-page',
  imports: [CatalogueSignInNotice, MatButton, Icon, MomentPipe, Problem, ProposalCard, QuotaNotice, QuotaSummary, RunningDesktops],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './proposals-page.html',
  styleUrl: './proposals-page.scss',
})
export class ProposalsPage {
  readonly search = input('', { transform: (value: unknown) => (typeof value === 'string' ? value.slice(0, 200) : '') });
  readonly sort = input('recent', { transform: sortOf });
  readonly favourites = input(false, { transform: (value: unknown) => value === 'true' });
  readonly page = input(1, { transform: pageOf });

  private readonly api = inject(ProposalsApi);
  private readonly router = inject(Router);
  private readonly stars = inject(Favourites);
  private readonly instances = inject(InstancesStore);
  private typing: ReturnType<typeof setTimeout> | undefined;
  /** The search last put into the address by typing: its echo must not overwrite what was typed since. */
  private sent: string | undefined;

  protected readonly list = createLoader((query: ListQuery) => this.api.list(toRequest(query)));
  protected readonly draft = signal('');
  protected readonly sorts = SORTS;
  protected readonly skeletons = [1, 2, 3, 4];
  protected readonly query = computed<ListQuery>(() => ({
    search: this.search(),
    sort: this.sort(),
    favourites: this.favourites(),
    page: this.page(),
  }));
  protected readonly filtered = computed(() => this.search() !== '' || this.favourites());
  protected readonly pages = computed(() => Math.max(1, Math.ceil((this.list.value()?.total ?? 0) / PAGE_SIZE)));
  protected readonly shownKeys = computed(() =>
    this.list.error() ? [] : (this.list.value()?.items ?? []).map(({ key }) => key),
  );
  protected readonly range = computed(() => {
    const { offset = 0, items = [], total = 0 } = this.list.value() ?? {};
    return items.length === 0 ? 'Nothing' : `${offset + 1}–${offset + items.length} of ${total}`;
  });

  constructor() {
    effect(() => this.list.load(this.query()));
    effect(() => {
      const search = this.search();
      if (search !== this.sent) this.draft.set(search);
      this.sent = undefined;
    });
    effect(() => {
      const answer = this.list.value();
      if (answer) this.instances.seedQuota(answer.quota);
    });
    inject(DestroyRef).onDestroy(() => clearTimeout(this.typing));
  }

  protected typed(text: string): void {
    this.draft.set(text);
    clearTimeout(this.typing);
    this.typing = setTimeout(() => this.submit(), TYPING_PAUSE_MS);
  }

  protected submit(): void {
    clearTimeout(this.typing);
    const search = this.draft().trim().slice(0, 200);
    if (search === this.search()) return;
    this.sent = search;
    this.go({ search, page: 1 }, true);
  }

  protected clear(field: HTMLInputElement): void {
    this.draft.set('');
    this.submit();
    field.focus();
  }

  protected showAll(): void {
    this.draft.set('');
    this.go({ search: '', favourites: false, page: 1 });
  }

  protected sortBy(value: string): void {
    this.go({ sort: sortOf(value), page: 1 });
  }

  protected go(change: Partial<ListQuery>, replaceUrl = false): void {
    const queryParams = toParams({ ...this.query(), ...change });
    void this.router.navigate([], { queryParams, queryParamsHandling: 'merge', replaceUrl });
  }

  protected star({ key }: ProposalView, favourite: boolean): void {
    void this.stars.set(key, favourite, (shown) =>
      this.list.update((page) => ({
        ...page,
        items: page.items.map((item) => (item.key === key ? { ...item, favourite: shown } : item)),
      })),
    );
  }
}

import { ChangeDetectionStrategy, Component, computed, effect, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { DatasetView } from '@beamdesk/contracts';
import { InstancesStore } from '../api/instances.store';
import { createLoader } from '../api/loader';
import { ProposalsApi } from '../api/proposals.api';
import { needsWords } from '../quotas/resource-words';
import { diskNotice } from '../resources/disk-words';
import { lifetime } from '../shell/durations';
import { Icon } from '../shell/icon';
import { PageTitle } from '../shell/page-title';
import { Problem } from '../shell/problem';
import { DaysPipe } from '../shell/time.pipes';
import { CatalogueSignInNotice } from './catalogue-sign-in/catalogue-sign-in-notice';
import { DatasetRestores } from './dataset-restores';
import { DatasetsTable } from './datasets-table';
import { DesktopButton } from './desktop-button';
import { reasonWords } from './offer-words';
import { FavouriteStar } from './favourite-star';
import { Favourites } from './favourites';
import { QuotaNotice } from './quota-notice';

/** One proposal, reachable by its own link: abstract, visits, team, datasets, desktop. */
@Component({
  selector: 'bd-proposal-page',
  imports: [CatalogueSignInNotice, RouterLink, Icon, Problem, DesktopButton, FavouriteStar, DaysPipe, DatasetsTable, QuotaNotice],
  providers: [DatasetRestores],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './proposal-page.html',
  styleUrl: './proposal-page.scss',
})
export class ProposalPage {
  readonly key = input.required<string>();

  private readonly api = inject(ProposalsApi);
  private readonly stars = inject(Favourites);
  private readonly restores = inject(DatasetRestores);
  private readonly instances = inject(InstancesStore);
  private readonly pageTitle = inject(PageTitle);

  protected readonly detail = createLoader((key: string) => this.api.get(key));
  protected readonly paragraphs = computed(
    () =>
      this.detail
        .value()
        ?.abstract.split(/\n\s*\n/)
        .filter(Boolean) ?? [],
  );
  protected readonly missing = computed(() => this.detail.error()?.code === 'NOT_FOUND');
  /** The catalogue that asks for the person's own sign-in: the first part of the key. */
  protected readonly signInTo = computed(() =>
    this.detail.error()?.code === 'CATALOGUE_SIGN_IN_NEEDED' ? this.key().split(':')[0] : undefined,
  );
  protected readonly needs = needsWords;
  protected readonly reason = reasonWords;
  protected readonly lifetime = lifetime;
  protected readonly diskNotice = diskNotice;

  constructor() {
    effect(() => this.detail.load(this.key()));
    effect(() => {
      const proposal = this.detail.value();
      if (!proposal) return;
      this.pageTitle.set(proposal.name);
      this.instances.seedQuota(proposal.quota);
    });
    this.restores.follow({
      key: this.key,
      datasets: () => this.detail.value()?.datasets ?? [],
      show: (changed) =>
        this.detail.update((proposal) => ({
          ...proposal,
          datasets: proposal.datasets.map((one) => ({ ...one, availability: changed.get(one.id) ?? one.availability })),
        })),
    });
  }

  protected star(favourite: boolean): void {
    void this.stars.set(this.key(), favourite, (shown) =>
      this.detail.update((proposal) => ({ ...proposal, favourite: shown })),
    );
  }

  protected restore(dataset: DatasetView): void {
    void this.restores.ask(dataset);
  }
}

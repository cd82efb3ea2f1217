import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { createLoader } from '../api/loader';
import { PlansApi } from '../api/plans.api';
import { Icon } from '../shell/icon';
import { Problem } from '../shell/problem';
import { ListWait } from '../staff/list-wait';
import { AdminTabs } from './admin-tabs';
import { ImagesStore } from './images.store';
import { ImagesTable } from './images-table';
import { placeNames } from './plan-words';

/** Every image with how it stands. For ADMIN. */
@Component({
  selector: 'bd-images-page',
  imports: [AdminTabs, Icon, ImagesTable, ListWait, MatButton, Problem, RouterLink],
  providers: [ImagesStore],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './images-page.html',
  styleUrl: './images-page.scss',
})
export class ImagesPage {
  protected readonly store = inject(ImagesStore);
  private readonly plans = inject(PlansApi);
  /** Where images may be offered; until it is there, their ids are shown. */
  private readonly places = createLoader(() => this.plans.plans());
  protected readonly names = computed(() => placeNames(this.places.value()));
  protected readonly summary = computed(() => {
    const [all, found] = [this.store.items()?.length ?? 0, this.store.found()?.length ?? 0];
    const words = this.store.search();
    if (words === '') return all === 1 ? 'One image.' : `${all} images.`;
    return `${found === 0 ? 'None' : found} of ${all} for “${words}”.`;
  });

  constructor() {
    this.places.load(undefined);
  }
}

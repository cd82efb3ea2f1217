import { ChangeDetectionStrategy, Component, computed, effect, inject, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { Router, RouterLink } from '@angular/router';
import type { ImageVersionView, ImageView } from '@beamdesk/contracts';
import { firstValueFrom } from 'rxjs';
import { createLoader } from '../api/loader';
import { PlansApi } from '../api/plans.api';
import { StopDialog, StopQuestion } from '../resources/stop-dialog';
import { Icon } from '../shell/icon';
import { Problem } from '../shell/problem';
import { Toasts } from '../shell/toasts.store';
import { ListWait } from '../staff/list-wait';
import { AdminTabs } from './admin-tabs';
import { ImageDialog, ImageQuestion } from './image-dialog';
import { activeOf, offeringWords } from './image-words';
import { ImageStore } from './image.store';
import { placeNames } from './plan-words';
import { VersionCard, VersionWish } from './version-card';
import { VersionDialog, VersionQuestion } from './version-dialog';
import { questionOf } from './version-questions';

/** One image: to whom it is offered, its versions, and what may be done with each. For ADMIN. */
@Component({
  selector: 'bd-image-page',
  imports: [AdminTabs, Icon, ListWait, MatButton, Problem, RouterLink, VersionCard],
  providers: [ImageStore],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './image-page.html',
  styleUrl: './image-page.scss',
})
export class ImagePage {
  readonly id = input.required<string>();

  private readonly plans = inject(PlansApi);
  private readonly dialog = inject(MatDialog);
  private readonly router = inject(Router);
  private readonly toasts = inject(Toasts);
  protected readonly store = inject(ImageStore);
  /** What there is to offer it to. */
  protected readonly places = createLoader(() => this.plans.plans());
  protected readonly active = computed(() => {
    const image = this.store.image();
    return image && activeOf(image);
  });
  protected readonly offered = computed(() => {
    const image = this.store.image();
    return image ? offeringWords(image.offering, placeNames(this.places.value())) : '';
  });
  /** What is still to be done before users see it; '': nothing. */
  protected readonly next = computed(() => {
    const image = this.store.image();
    if (!image || image.versions.length === 0) return '';
    const steps = [
      this.active() ? '' : 'no version is active',
      image.plans.length > 0 ? '' : 'no plan names it',
    ].filter(Boolean);
    return steps.length === 0 ? '' : `Users do not see it yet: ${steps.join(', and ')}.`;
  });

  constructor() {
    this.places.load(undefined);
    effect(() => this.store.show(this.id()));
  }

  protected async change(image: ImageView): Promise<void> {
    const places = this.places.value();
    if (!places) return this.places.retry();
    const data: ImageQuestion = { image, places };
    if (await this.ask(ImageDialog, data)) this.changed('The image is changed.');
  }

  protected async remove(image: ImageView): Promise<void> {
    const sure = await this.confirmed({
      title: `Delete the image ${image.name}?`,
      consequences: ['It goes with all its versions and their files. It can’t be brought back.'],
      confirm: 'Delete',
      refuse: 'Keep it',
    });
    if (sure && (await this.store.removeAll())) await this.router.navigate(['/images']);
  }

  protected async wish(wish: VersionWish, image: ImageView, version: ImageVersionView): Promise<void> {
    if (wish === 'settings') {
      const data: VersionQuestion = { image, version };
      if (await this.ask(VersionDialog, data)) this.changed(`The settings of version ${version.number} are changed.`);
      return;
    }
    if (wish === 'retry') return void this.store.retry(version);
    if (wish === 'try') {
      const desktop = await this.store.tryOut(version);
      if (desktop !== undefined) await this.router.navigate(['/desktop', desktop]);
      return;
    }
    if (await this.confirmed(questionOf(wish, image, version))) await this.store[wish](version);
  }

  private changed(words: string): void {
    this.toasts.info(words);
    this.store.load();
  }

  private async confirmed(data: StopQuestion): Promise<boolean> {
    const dialog = this.dialog.open(StopDialog, { data, width: '460px', autoFocus: 'first-tabbable' });
    return (await firstValueFrom(dialog.afterClosed())) === true;
  }

  private async ask<Q>(dialog: new () => unknown, data: Q): Promise<boolean> {
    const open = this.dialog.open(dialog, { data, width: '720px', maxWidth: '94vw', autoFocus: 'first-tabbable' });
    return (await firstValueFrom(open.afterClosed())) === true;
  }
}

import { ChangeDetectionStrategy, Component, computed, input, output, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { ProposalView } from '@beamdesk/contracts';
import { Icon } from '../shell/icon';
import { DaysPipe } from '../shell/time.pipes';
import { DesktopButton } from './desktop-button';
import { FavouriteStar } from './favourite-star';

/** One proposal of the list, with its desktop button. */
@Component({
  selector: 'bd-proposal-card',
  imports: [RouterLink, DesktopButton, FavouriteStar, Icon, DaysPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './proposal-card.html',
  styleUrl: './proposal-card.scss',
})
export class ProposalCard {
  readonly proposal = input.required<ProposalView>();
  readonly favouriteChange = output<boolean>();

  protected readonly open = signal(false);
  protected readonly abstractId = computed(() => `abstract-${this.proposal().key.replace(/[^\w-]/g, '-')}`);
  protected readonly paragraphs = computed(() => this.proposal().abstract.split(/\n\s*\n/).filter(Boolean));
  /** The newest two; the page of the proposal has them all. */
  protected readonly visits = computed(() => this.proposal().visits.slice(0, 2));
  protected readonly moreVisits = computed(() => this.proposal().visits.length - this.visits().length);
}

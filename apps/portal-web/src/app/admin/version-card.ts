import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatProgressBar } from '@angular/material/progress-bar';
import { RouterLink } from '@angular/router';
import type { ImageVersionView } from '@beamdesk/contracts';
import { UserMessage } from '../api/user-message';
import { MomentPipe } from '../shell/time.pipes';
import { adviceOf } from './failure-advice';
import {
  STATE_TONES,
  STATE_WORDS,
  eventWords,
  progressWords,
  sizeWords,
  sourceWords,
  traitWords,
  useWords,
} from './image-words';
import { softwareLine } from './traits-values';

/** What may be done with a version. */
export type VersionWish = 'try' | 'activate' | 'retire' | 'remove' | 'retry' | 'settings';

/** One version of an image: how it stands, what it is, what was done with it, and what may be done next. */
@Component({
  selector: 'bd-version-card',
  imports: [MatButton, MatProgressBar, MomentPipe, RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './version-card.html',
  styleUrls: ['./version-card.scss', './badge.scss'],
})
export class VersionCard {
  readonly version = input.required<ImageVersionView>();
  /** Something is on its way to the api. */
  readonly busy = input(false);
  readonly refusal = input<UserMessage | undefined>(undefined);
  /** Only shown: its image is the site file's. */
  readonly fixed = input(false);
  readonly wish = output<VersionWish>();

  protected readonly words = STATE_WORDS;
  protected readonly tones = STATE_TONES;
  protected readonly event = eventWords;
  protected readonly advice = adviceOf;
  protected readonly progress = computed(() => progressWords(this.version()));
  /** Of the step, 0 to 1; null: not known. */
  protected readonly fraction = computed(() => this.version().progress?.fraction ?? null);
  protected readonly source = computed(() => sourceWords(this.version()));
  protected readonly size = computed(() => sizeWords(this.version()));
  protected readonly traits = computed(() => traitWords(this.version()));
  protected readonly uses = computed(() => useWords(this.version()));
  protected readonly software = computed(() => this.version().software.map(softwareLine));
  protected readonly settled = computed(() => ['draft', 'active', 'retired'].includes(this.version().state));
  protected readonly open = computed(() => ['importing', 'draft'].includes(this.version().state));
  /** Why it can't be deleted; '': it can. */
  protected readonly held = computed(() => {
    if (this.version().state === 'active') return 'An active version can’t be deleted: retire it first.';
    return this.uses() === '' ? '' : `Can’t be deleted while it is in use: ${this.uses()}.`;
  });
}

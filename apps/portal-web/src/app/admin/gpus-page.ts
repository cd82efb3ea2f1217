import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import type { GpuView } from '@beamdesk/contracts';
import { Clock } from '../api/clock';
import { GpusApi } from '../api/gpus.api';
import { createWatchedList } from '../api/watched-list';
import { ago } from '../shell/durations';
import { Problem } from '../shell/problem';
import { MomentPipe } from '../shell/time.pipes';
import { ListWait } from '../staff/list-wait';
import { AdminTabs } from './admin-tabs';

const STATES: Readonly<Record<GpuView['state'], { words: string; tone: string }>> = {
  free: { words: 'free', tone: 'ready' },
  leased: { words: 'in use', tone: 'busy' },
  unusable: { words: 'not for desktops', tone: 'quiet' },
};
/** A worker tells of its cards again and again; after this silence it is only what was last known. */
const SILENT_MS = 180_000;

/** Graphics cards of the hosts, and the desktops that have them. For ADMIN. */
@Component({
  selector: 'bd-gpus-page',
  imports: [AdminTabs, ListWait, MomentPipe, Problem],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './gpus-page.html',
  styleUrls: ['./page.scss', './table.scss', './badge.scss'],
})
export class GpusPage {
  private readonly api = inject(GpusApi);
  private readonly clock = inject(Clock);
  protected readonly watched = createWatchedList(undefined, () => this.api.list());
  protected readonly states = STATES;
  protected readonly summary = computed(() => {
    const cards = this.watched.page()?.items ?? [];
    const count = (state: GpuView['state']) => cards.filter((card) => card.state === state).length;
    const all = cards.length === 1 ? 'One card' : `${cards.length} cards`;
    return `${all}: ${count('free')} free, ${count('leased')} in use, ${count('unusable')} not for desktops.`;
  });

  protected group({ iommuGroup, groupMembers, functions }: GpuView): string {
    if (iommuGroup === null) return 'none: the host has no IOMMU, or it is off';
    const others = groupMembers.filter((address) => !functions.includes(address));
    return others.length === 0 ? `${iommuGroup}, alone in it` : `${iommuGroup}, shared with ${others.join(', ')}`;
  }

  protected silent({ seenAt }: GpuView): string {
    const ms = this.clock.now() - Date.parse(seenAt);
    return ms > SILENT_MS ? `Its host has not spoken of it for a while (${ago(ms)}).` : '';
  }
}

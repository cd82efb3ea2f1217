import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import type { LimitsView, QuotaOverrideView } from '@beamdesk/contracts';
import { MomentPipe } from '../shell/time.pipes';
import { limitWords } from './limit-words';

/** Limits that differ from the default ones for a time, with their reason and end. */
@Component({
  selector: 'bd-override-list',
  imports: [MomentPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <ul>
      @for (one of overrides(); track one.id) {
        <li>
          <strong>{{ words(one.amounts) }}</strong>
          @if (one.state === 'coming') {
            from {{ one.startsAt | bdMoment }}
          }
          {{ one.endsAt ? 'until ' : 'without an end' }}{{ one.endsAt ? (one.endsAt | bdMoment) : '' }}:
          {{ one.reason }}
          @if (one.state === 'in-force' && one.counts.length === 0) {
            <span class="bd-chip">a newer one counts</span>
          }
        </li>
      }
    </ul>
  `,
  styles: `
    ul {
      margin: 0;
      padding-left: 20px;
    }
    li {
      margin-top: 4px;
      overflow-wrap: anywhere;
    }
  `,
})
export class OverrideList {
  readonly overrides = input.required<readonly QuotaOverrideView[]>();
  protected readonly words = (amounts: LimitsView): string => limitWords(amounts);
}

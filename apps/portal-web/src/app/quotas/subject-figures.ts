import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { AmountName, SubjectQuota } from '@beamdesk/contracts';
import { AMOUNT_NAMES, RESOURCE_LABELS, amount } from './resource-words';

/** What is used of each limit of one subject, as bars with words; what is neither limited nor used is left out. */
@Component({
  selector: 'bd-subject-figures',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <ul>
      @for (row of rows(); track row.name) {
        <li>
          <span class="words"
            >{{ row.label }}<b>{{ row.used }}</b> {{ row.of }}</span
          >
          @if (row.limit !== null) {
            <span
              class="bar"
              role="meter"
              aria-valuemin="0"
              [attr.aria-label]="row.label"
              [attr.aria-valuemax]="row.limit"
              [attr.aria-valuenow]="row.value"
              [attr.aria-valuetext]="row.used + ' ' + row.of"
              [class.full]="row.share >= 100"
              ><i [style.width.%]="row.share"></i
            ></span>
          }
          @if (row.why) {
            <span class="why">{{ row.why }}</span>
          }
        </li>
      } @empty {
        <li class="why">Nothing is limited, and nothing is used.</li>
      }
    </ul>
  `,
  styles: `
    ul {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(min(190px, 100%), 1fr));
      gap: 12px 24px;
      margin: 0;
      padding: 0;
      list-style: none;
    }
    li {
      display: grid;
      gap: 4px;
      align-content: start;
      font-size: 0.88rem;
    }
    .words {
      color: var(--bd-muted);
      font-variant-numeric: tabular-nums;
    }
    b {
      margin-left: 6px;
      color: var(--mat-sys-on-surface);
      font-weight: 600;
    }
    .bar {
      height: 6px;
      overflow: hidden;
      border-radius: 9px;
      background: var(--bd-quiet);
    }
    .bar i {
      display: block;
      height: 100%;
      background: var(--mat-sys-primary);
    }
    .full i {
      background: var(--bd-warn);
    }
    .why {
      color: var(--bd-muted);
      font-size: 0.8rem;
    }
  `,
})
export class SubjectFigures {
  readonly quota = input.required<Pick<SubjectQuota, 'limits' | 'usage' | 'explained'>>();
  /** Only of these. */
  readonly names = input<readonly AmountName[]>(AMOUNT_NAMES);

  protected readonly rows = computed(() => {
    const { limits, usage, explained } = this.quota();
    return this.names()
      .filter((name) => (limits[name] ?? 0) > 0 || usage[name] > 0)
      .map((name) => {
        const [limit, value] = [limits[name], usage[name]];
        const why = explained[name];
        return {
          ...{ name, label: RESOURCE_LABELS[name], value, limit, used: amount(name, value) },
          of: limit === null ? 'used, no limit' : `of ${amount(name, limit)}`,
          share: limit === null ? 0 : limit === 0 ? 100 : Math.min(100, (100 * value) / limit),
          // Where it only repeats the figures it says nothing.
          why: why?.includes(':') ? why.slice(why.indexOf(':') + 2) : '',
        };
      });
  });
}

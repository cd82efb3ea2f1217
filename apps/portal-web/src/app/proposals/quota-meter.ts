import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { QuotaView, ResourceName } from '@beamdesk/contracts';
import { RESOURCE_LABELS, amount } from '../quotas/resource-words';

/** One resource of a quota as a bar: used, what one more desktop would take, limit. */
@Component({
  selector: 'bd-quota-meter',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div
      class="bar"
      role="meter"
      aria-valuemin="0"
      [attr.aria-label]="label()"
      [attr.aria-valuemax]="limit()"
      [attr.aria-valuenow]="used()"
      [attr.aria-valuetext]="text()"
      [class.full]="used() >= limit()"
      [class.over]="excess()"
    >
      <span class="used" [style.width.%]="usedShare()"></span>
      <span class="more" [style.width.%]="moreShare()"></span>
    </div>
  `,
  styles: `
    .bar {
      display: flex;
      height: 10px;
      overflow: hidden;
      border-radius: 99px;
      background: var(--bd-quiet);
    }
    .used {
      background: var(--mat-sys-primary);
    }
    .more {
      background: repeating-linear-gradient(
        -45deg,
        color-mix(in srgb, var(--mat-sys-primary) 55%, transparent) 0 4px,
        color-mix(in srgb, var(--mat-sys-primary) 20%, transparent) 4px 8px
      );
    }
    .full .used {
      background: var(--bd-warn);
    }
    .over .more {
      background: repeating-linear-gradient(-45deg, var(--bd-warn) 0 4px, transparent 4px 8px);
    }
  `,
})
export class QuotaMeter {
  readonly quota = input.required<QuotaView>();
  readonly resource = input.required<ResourceName>();
  /** What one more desktop would take of it. */
  readonly more = input(0);

  protected readonly label = computed(() => RESOURCE_LABELS[this.resource()]);
  protected readonly limit = computed(() => this.quota().limits[this.resource()]);
  protected readonly used = computed(() => this.quota().usage[this.resource()]);
  protected readonly excess = computed(() => this.more() > this.quota().available[this.resource()]);
  protected readonly usedShare = computed(() => share(this.used(), this.limit()));
  protected readonly moreShare = computed(() => Math.min(100 - this.usedShare(), share(this.more(), this.limit())));
  protected readonly text = computed(
    () => `${amount(this.resource(), this.used())} of ${amount(this.resource(), this.limit())} used`,
  );
}

function share(part: number, whole: number): number {
  return whole === 0 ? 100 : Math.min(100, (100 * part) / whole);
}

import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { InstancesStore } from '../api/instances.store';
import { RESOURCE_LABELS, RESOURCE_NAMES, amount } from '../quotas/resource-words';
import { QuotaMeter } from './quota-meter';

/** What may be held, at a glance, above the list; leads to the page that explains them. */
@Component({
  selector: 'bd-quota-summary',
  imports: [RouterLink, QuotaMeter],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (quota(); as quota) {
      <a routerLink="/quotas">
        <span class="bd-sr-only">Your quotas:</span>
        @for (row of rows(); track row.name) {
          <span class="one">
            <span class="words">{{ row.label }}<b>{{ row.used }}</b> of {{ row.limit }}</span>
            <bd-quota-meter aria-hidden="true" [quota]="quota" [resource]="row.name" />
          </span>
        }
      </a>
    }
  `,
  styles: `
    a {
      display: grid;
      grid-auto-columns: minmax(104px, auto);
      grid-auto-flow: column;
      gap: 8px 20px;
      color: var(--bd-muted);
      font-size: 0.78rem;
      text-decoration: none;
    }
    .one {
      display: grid;
      gap: 3px;
    }
    .words {
      white-space: nowrap;
      font-variant-numeric: tabular-nums;
    }
    b {
      margin-left: 6px;
      color: var(--mat-sys-on-surface);
      font-weight: 600;
    }
    bd-quota-meter {
      height: 5px;
      overflow: hidden;
      border-radius: 9px;
    }
    a:hover .words {
      color: var(--mat-sys-on-surface);
    }
    @media (max-width: 640px) {
      :host {
        width: 100%;
      }
      a {
        grid-auto-flow: row;
        grid-template-columns: auto auto;
        gap: 8px 14px;
      }
    }
  `,
})
export class QuotaSummary {
  protected readonly quota = inject(InstancesStore).quota;
  protected readonly rows = computed(() => {
    const quota = this.quota();
    if (!quota) return [];
    const shown = RESOURCE_NAMES.filter((name) => name !== 'gpus' || quota.limits.gpus > 0);
    return shown.map((name) => ({
      name,
      label: RESOURCE_LABELS[name],
      used: amount(name, quota.usage[name]),
      limit: amount(name, quota.limits[name]),
    }));
  });
}

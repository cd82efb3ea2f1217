import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatMenu, MatMenuItem, MatMenuTrigger } from '@angular/material/menu';
import type { PlanOffer } from '@beamdesk/contracts';
import { InstancesStore } from '../api/instances.store';
import type { Place } from '../quotas/quota-at';
import { launchOffer } from '../resources/launch-words';
import { Icon } from '../shell/icon';
import { priceOf, reasonWords, termsWords } from './offer-words';

/** Every plan that is offered to a proposal, best first: what it is and takes, how it starts, and why it is here. */
@Component({
  selector: 'bd-plan-menu',
  imports: [Icon, MatButton, MatMenu, MatMenuItem, MatMenuTrigger],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <button
      matButton="tonal"
      type="button"
      title="Choose the desktop"
      [attr.aria-label]="'Choose the desktop of ' + place().proposalName"
      [matMenuTriggerFor]="menu"
    >
      <bd-icon name="chevron" />
    </button>
    <mat-menu
      #menu="matMenu"
      xPosition="before"
      class="bd-plan-menu"
      [aria-label]="'Desktops offered to ' + place().proposalName"
    >
      @for (row of rows(); track row.plan.id) {
        <!-- Interactive, or the keyboard would pass over it, and with it over the reason. -->
        <button
          mat-menu-item
          type="button"
          [disabled]="row.obstacle !== ''"
          disabledInteractive
          [class.off]="row.obstacle !== ''"
          (click)="row.obstacle === '' && choose.emit(row.plan.id)"
        >
          <strong>{{ row.plan.name }}</strong>
          <span class="line">{{ row.why }}</span>
          <span class="line">{{ row.plan.description }}</span>
          <span class="line">{{ row.terms }}</span>
          @if (row.start) {
            <span class="line">{{ row.start }}</span>
          }
          <span class="line">{{ row.takes }}</span>
          @if (row.obstacle) {
            <span class="line short">{{ row.obstacle }}</span>
          }
        </button>
      }
    </mat-menu>
  `,
  styles: `
    button[matButton] {
      min-width: 44px;
      padding-inline: 0;
    }
    button[mat-menu-item] {
      padding-block: 10px;
    }
    button[mat-menu-item] + button[mat-menu-item] {
      border-top: 1px solid var(--bd-line);
    }
    strong,
    .line {
      display: block;
    }
    .line {
      color: var(--bd-muted);
      font-size: 0.8rem;
      font-weight: 400;
      line-height: 1.4;
    }
    .off {
      cursor: default;
    }
    .off strong {
      color: var(--bd-muted);
    }
    .short {
      color: var(--bd-warn);
    }
  `,
})
export class PlanMenu {
  readonly offers = input.required<readonly PlanOffer[]>();
  readonly place = input.required<Place>();
  /** The id of the plan that shall be started. */
  readonly choose = output<string>();

  private readonly store = inject(InstancesStore);
  protected readonly rows = computed(() =>
    this.offers().map((offer, place) => {
      const { takes, obstacle } = priceOf(offer, this.store.quota(), this.place());
      const first = place === 0 && obstacle === '';
      return {
        plan: offer.plan,
        why: `Offered ${reasonWords(offer.for)}${first ? ', starts with one click' : ''}`,
        terms: termsWords(offer.plan),
        start: offer.launch && offer.unavailable === null ? launchOffer(offer.launch) : '',
        takes,
        obstacle,
      };
    }),
  );
}

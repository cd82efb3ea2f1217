import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { MatButton } from '@angular/material/button';
import { debounceTime, merge } from 'rxjs';
import { HomeApi } from '../api/home.api';
import { InstancesStore } from '../api/instances.store';
import { createLoader } from '../api/loader';
import { amount } from '../quotas/resource-words';
import { Icon } from '../shell/icon';
import { MomentPipe } from '../shell/time.pipes';

/** A desktop that came, went or has something to say may mean that the folder changed; several at once ask once. */
const SETTLED_MS = 1000;
/** What a folder holds is written down every 10 s. */
const MEASURED_MS = 12_000;

/** How full the person's home folder is. Nothing at all where the portal keeps none. */
@Component({
  selector: 'bd-home-card',
  imports: [Icon, MatButton, MomentPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (home(); as home) {
      <section class="bd-card" aria-labelledby="bd-home-title">
        <h2 id="bd-home-title"><bd-icon name="folder" />Home folder</h2>
        <p class="bd-muted">
          <code>~/Home</code> in every one of your desktops, whatever the proposal. It stays when they end.
        </p>
        @if (used() !== null) {
          <div
            class="bar"
            role="meter"
            aria-label="Home folder"
            aria-valuemin="0"
            [attr.aria-valuemax]="home.limitMib"
            [attr.aria-valuenow]="used()"
            [attr.aria-valuetext]="words() + ' used'"
            [class.full]="home.full"
          >
            <span [style.width.%]="share()"></span>
          </div>
          <p class="figures">
            <strong>{{ words() }}</strong> used
            @if (home.measuredAt; as at) {
              <span class="bd-muted">measured {{ at | bdMoment }}</span>
            }
          </p>
        } @else {
          <p class="figures">{{ limit() }}, made with your next desktop.</p>
        }
        <p class="full-note" role="status">
          @if (home.full) {
            <bd-icon name="alert" />It is full: delete files in it that you no longer need. New ones cannot be kept.
          }
        </p>
      </section>
    } @else if (loaded.error(); as error) {
      <section class="bd-card" role="status">
        <h2><bd-icon name="folder" />Home folder</h2>
        <p class="bd-muted">How full it is cannot be told just now. {{ error.text }}</p>
        <button matButton="tonal" type="button" [disabled]="loaded.loading()" (click)="loaded.retry()">
          {{ loaded.loading() ? 'Trying again …' : 'Try again' }}
        </button>
      </section>
    }
  `,
  styles: `
    section {
      margin-top: 24px;
      padding: 20px;
    }
    h2 {
      display: flex;
      gap: 8px;
      align-items: center;
      margin: 0 0 6px;
      font-size: 1.04rem;
    }
    p {
      margin: 0 0 12px;
    }
    .bar {
      height: 10px;
      overflow: hidden;
      border-radius: 99px;
      background: var(--bd-quiet);
    }
    .bar span {
      display: block;
      height: 100%;
      background: var(--mat-sys-primary);
    }
    .bar.full span {
      background: var(--bd-warn);
    }
    .figures {
      display: flex;
      flex-wrap: wrap;
      gap: 4px 10px;
      margin: 10px 0 0;
      font-size: 0.88rem;
    }
    .full-note {
      display: flex;
      gap: 8px;
      align-items: baseline;
      margin: 10px 0 0;
      color: var(--bd-warn);
      font-weight: 550;
    }
    .full-note:empty {
      display: none;
    }
  `,
})
export class HomeCard {
  private readonly api = inject(HomeApi);
  protected readonly loaded = createLoader(() => this.api.get());
  protected readonly home = computed(() => this.loaded.value()?.home ?? null);
  protected readonly used = computed(() => this.home()?.usedMib ?? null);
  protected readonly limit = computed(() => amount('storageMib', this.home()?.limitMib ?? 0));
  protected readonly words = computed(() => `${amount('storageMib', this.used() ?? 0)} of ${this.limit()}`);
  protected readonly share = computed(() => {
    const [used, limit] = [this.used() ?? 0, this.home()?.limitMib ?? 1];
    return Math.min(100, (100 * used) / limit);
  });

  constructor() {
    this.loaded.load(undefined);
    // Pushed changes, not the clock: asking again and again would keep a forgotten page signed in.
    const { changes } = inject(InstancesStore);
    merge(changes.pipe(debounceTime(SETTLED_MS)), changes.pipe(debounceTime(MEASURED_MS)))
      .pipe(takeUntilDestroyed())
      .subscribe(() => this.loaded.load(undefined));
  }
}

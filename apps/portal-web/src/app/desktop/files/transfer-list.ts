import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { fileCount } from './file-words';
import { Transfer } from './transfer';
import { TransferRow } from './transfer-row';
import { sumsOf } from './transfer-words';
import { Transfers, mayRetry } from './transfers';

/** What concerns the person most comes first. */
const ORDER: readonly Transfer['kind'][] = ['asking', 'sending', 'failed', 'waiting', 'cancelled', 'skipped', 'done'];
const SHOWN = 50;

/** All files on their way to a desktop, and what became of those before. */
@Component({
  selector: 'bd-transfer-list',
  imports: [MatButton, TransferRow],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (own().length > 0) {
      <section aria-labelledby="transfers-heading">
        <div class="head">
          <h3 id="transfers-heading">{{ heading() }}</h3>
          @if (sums().failed > 1 && mayRetryAll()) {
            <button matButton type="button" (click)="transfers.retryAll(instanceId())">Try all again</button>
          }
          @if (sums().unfinished > 1) {
            <button matButton type="button" (click)="transfers.cancelAll(instanceId())">Cancel all</button>
          }
          @if (sums().unfinished < own().length) {
            <button matButton type="button" (click)="transfers.clear(instanceId())">
              Clear<span class="bd-sr-only"> what is over</span>
            </button>
          }
        </div>
        <ul role="list">
          @for (transfer of rows(); track transfer.id) {
            <li><bd-transfer-row [transfer]="transfer" /></li>
          }
        </ul>
        @if (more() > 0) {
          <p class="bd-muted">and {{ more() }} more</p>
        }
      </section>
    }
  `,
  styles: `
    section {
      display: grid;
      gap: 4px;
    }
    .head {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
    }
    h3 {
      flex: 1;
      font-size: 0.95rem;
      font-variant-numeric: tabular-nums;
    }
    ul {
      margin: 0;
      padding: 0;
      list-style: none;
    }
    p {
      margin: 0;
    }
  `,
})
export class TransferList {
  readonly instanceId = input.required<string>();
  protected readonly transfers = inject(Transfers);
  protected readonly own = computed(() => this.transfers.of(this.instanceId()));
  protected readonly sums = computed(() => sumsOf(this.own()));
  protected readonly mayRetryAll = computed(() => this.own().some((each) => each.kind === 'failed' && mayRetry(each)));
  protected readonly rows = computed(() =>
    this.own()
      .toSorted((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind))
      .slice(0, SHOWN),
  );
  protected readonly more = computed(() => this.own().length - this.rows().length);
  protected readonly heading = computed(() => {
    const { unfinished, failed, done, percent } = this.sums();
    if (unfinished > 0) return `Sending ${fileCount(unfinished)}, ${percent} %`;
    return failed > 0 ? `${fileCount(failed)} not sent` : done > 0 ? `${fileCount(done)} sent` : 'Nothing was sent';
  });
}

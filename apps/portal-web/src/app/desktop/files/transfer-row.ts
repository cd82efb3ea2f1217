import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatProgressBar } from '@angular/material/progress-bar';
import { shownName } from './file-paths';
import { Transfer } from './transfer';
import { transferWords } from './transfer-words';
import { Transfers, mayRetry } from './transfers';

/** One file on its way: how far it is, and the ways to stop it or to begin again. */
@Component({
  selector: 'bd-transfer-row',
  imports: [MatButton, MatProgressBar],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="what">
      <bdi class="name">{{ shown() }}</bdi>
      @if (kind() === 'sending') {
        <mat-progress-bar
          [mode]="transfer().progress().sent > 0 ? 'determinate' : 'indeterminate'"
          [value]="percent()"
          [attr.aria-label]="'Progress of ' + shown()"
        />
      }
      <span class="about" [class.failure]="kind() === 'failed'" [class.done]="kind() === 'done'">{{ words() }}</span>
    </div>
    @if (kind() === 'waiting' || kind() === 'sending' || kind() === 'asking') {
      <button matButton type="button" (click)="transfers.cancel(transfer())">
        Cancel<span class="bd-sr-only"> {{ shown() }}</span>
      </button>
    } @else if (retriable()) {
      <button matButton type="button" (click)="transfers.retry(transfer())">
        Try again<span class="bd-sr-only"> {{ shown() }}</span>
      </button>
    }
  `,
  styles: `
    :host {
      display: flex;
      gap: 8px;
      align-items: center;
      min-height: 44px;
      padding: 4px 0;
    }
    .what {
      display: grid;
      flex: 1;
      gap: 2px;
      min-width: 0;
      line-height: 1.3;
    }
    .name {
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    .about {
      color: var(--bd-muted);
      font-size: 0.8rem;
      font-variant-numeric: tabular-nums;
    }
    .done {
      color: var(--bd-ok);
    }
    .failure {
      color: var(--mat-sys-error);
    }
    button {
      flex: none;
    }
  `,
})
export class TransferRow {
  readonly transfer = input.required<Transfer>();
  protected readonly transfers = inject(Transfers);
  protected readonly kind = computed(() => this.transfer().kind);
  protected readonly shown = computed(() => shownName(this.transfer().name()));
  protected readonly words = computed(() => transferWords(this.transfer()));
  protected readonly retriable = computed(() => mayRetry(this.transfer()));
  protected readonly percent = computed(() => {
    const { file, progress } = this.transfer();
    return file.size === 0 ? 100 : (progress().sent / file.size) * 100;
  });
}

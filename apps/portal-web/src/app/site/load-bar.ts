import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';

/** How much of something is taken, as a bar and in words: the words alone suffice. */
@Component({
  selector: 'bd-load-bar',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="line">
      <span>{{ label() }}</span
      ><span class="words">{{ text() }}</span>
    </div>
    @if (share() !== null) {
      <div class="bar" aria-hidden="true"><i [class.high]="high()" [style.width.%]="width()"></i></div>
    }
  `,
  styles: `
    :host {
      display: grid;
      gap: 4px;
    }
    .line {
      display: flex;
      flex-wrap: wrap;
      gap: 2px 12px;
      justify-content: space-between;
      font-size: 0.88rem;
    }
    .words {
      color: var(--bd-muted);
      font-variant-numeric: tabular-nums;
    }
    .bar {
      overflow: hidden;
      height: 8px;
      border-radius: 99px;
      background: var(--bd-line);
    }
    i {
      display: block;
      height: 100%;
      border-radius: 99px;
      background: var(--mat-sys-primary);
    }
    .high {
      background: var(--bd-warn);
    }
  `,
})
export class LoadBar {
  readonly label = input.required<string>();
  readonly text = input.required<string>();
  /** 0 to 1, or more where more is asked than there is; null: not known. */
  readonly share = input.required<number | null>();
  protected readonly width = computed(() => 100 * Math.min(1, Math.max(0, this.share() ?? 0)));
  protected readonly high = computed(() => (this.share() ?? 0) >= 0.9);
}

import { ChangeDetectionStrategy, Component, ElementRef, inject, input, output, viewChild } from '@angular/core';
import { DesktopStore } from './desktop.store';
import { everySecond } from './every-second';
import { latencyWords, lineGrade } from './line-words';

/** How fast the line answers, small in the toolbar; a click explains it. */
@Component({
  selector: 'bd-line-indicator',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <button #button type="button" [attr.aria-expanded]="open()" title="How your line does" (click)="toggled.emit()">
      <span class="dot" aria-hidden="true"></span><span class="bd-sr-only">Line: </span><span #figure>–</span>
    </button>
  `,
  styles: `
    button {
      display: inline-flex;
      gap: 6px;
      align-items: center;
      min-height: 28px;
      padding: 2px 10px;
      border: 1px solid var(--bd-line);
      border-radius: 99px;
      color: var(--bd-muted);
      background: none;
      font: inherit;
      font-size: 0.8rem;
      font-variant-numeric: tabular-nums;
      cursor: pointer;
    }
    button:hover {
      background: var(--bd-quiet);
    }
    .dot {
      width: 8px;
      height: 8px;
      border-radius: 50%;
      background: var(--bd-muted);
    }
    [data-grade='good'] .dot {
      background: var(--bd-ok);
    }
    [data-grade='fair'] .dot {
      background: var(--bd-busy);
    }
    [data-grade='slow'] {
      color: var(--bd-warn);
    }
    [data-grade='slow'] .dot {
      background: var(--bd-warn);
    }
  `,
})
export class LineIndicator {
  /** The panel that explains it is open. */
  readonly open = input(false);
  readonly toggled = output();
  private readonly store = inject(DesktopStore);
  private readonly button = viewChild.required<ElementRef<HTMLElement>>('button');
  private readonly figure = viewChild.required<ElementRef<HTMLElement>>('figure');

  constructor() {
    everySecond(() => {
      const quality = this.store.quality();
      this.button().nativeElement.dataset['grade'] = lineGrade(quality);
      this.figure().nativeElement.textContent = latencyWords(quality);
    });
  }
}

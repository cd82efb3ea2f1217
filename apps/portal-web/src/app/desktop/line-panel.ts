import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  afterNextRender,
  inject,
  output,
  viewChild,
} from '@angular/core';
import { MatButton } from '@angular/material/button';
import { DesktopStore } from './desktop.store';
import { everySecond } from './every-second';
import { bandwidthWords, latencyWords, lineSentence } from './line-words';

/** What the line's figures are, and in words what they mean. */
@Component({
  selector: 'bd-line-panel',
  host: { '(keydown.escape)': 'dismiss.emit()' },
  imports: [MatButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section #panel class="bd-card panel" tabindex="-1" aria-labelledby="line-heading">
      <h2 id="line-heading">Your line</h2>
      <p #sentence></p>
      <dl>
        <div>
          <dt>Answers in</dt>
          <dd #latency></dd>
        </div>
        <div>
          <dt>Pictures</dt>
          <dd #frames></dd>
        </div>
        <div>
          <dt>Received</dt>
          <dd #bandwidth></dd>
        </div>
      </dl>
      <p class="bd-muted">Pictures come only while something moves on the desktop.</p>
      <div><button matButton type="button" (click)="dismiss.emit()">Close</button></div>
    </section>
  `,
  styles: `
    .panel {
      display: grid;
      gap: 8px;
      width: min(360px, calc(100vw - 24px));
      padding: 16px;
      box-shadow: 0 8px 30px rgb(0 0 0 / 30%);
    }
    p,
    dl,
    dd {
      margin: 0;
    }
    dl > div {
      display: flex;
      justify-content: space-between;
      padding: 4px 0;
      border-top: 1px solid var(--bd-line);
    }
    dt {
      color: var(--bd-muted);
    }
    dd {
      font-variant-numeric: tabular-nums;
    }
  `,
})
export class LinePanel {
  readonly dismiss = output();
  private readonly store = inject(DesktopStore);
  private readonly panel = viewChild.required<ElementRef<HTMLElement>>('panel');
  private readonly sentence = viewChild.required<ElementRef<HTMLElement>>('sentence');
  private readonly latency = viewChild.required<ElementRef<HTMLElement>>('latency');
  private readonly frames = viewChild.required<ElementRef<HTMLElement>>('frames');
  private readonly bandwidth = viewChild.required<ElementRef<HTMLElement>>('bandwidth');

  constructor() {
    everySecond(() => this.write());
    // With the focus in it the panel is read once; figures that changed every second would drown everything else.
    afterNextRender(() => this.panel().nativeElement.focus());
  }

  private write(): void {
    const quality = this.store.quality();
    this.sentence().nativeElement.textContent = lineSentence(quality);
    this.latency().nativeElement.textContent = latencyWords(quality);
    this.frames().nativeElement.textContent = `${quality.framesPerSecond} a second`;
    this.bandwidth().nativeElement.textContent = bandwidthWords(quality);
  }
}

import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  afterNextRender,
  effect,
  inject,
  output,
  viewChild,
} from '@angular/core';
import { MatButton } from '@angular/material/button';
import { ClipboardSync } from './clipboard-sync';

/** The clipboard by hand: what was copied in the desktop, and a place to paste what shall go there. */
@Component({
  selector: 'bd-clipboard-panel',
  host: { '(keydown.escape)': 'dismiss.emit()' },
  imports: [MatButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section class="bd-card panel" aria-labelledby="clipboard-heading">
      <h2 id="clipboard-heading">Clipboard</h2>
      @switch (clipboard.access()) {
        @case ('automatic') {
          <p>Text you copy here or in the desktop is available on both sides.</p>
        }
        @case ('ask') {
          <p>Text can be shared by itself if the browser may read your clipboard.</p>
          <button matButton="tonal" type="button" (click)="share.emit()">Share my clipboard</button>
        }
        @default {
          <p>This browser keeps its clipboard to itself: paste the text here, then send it.</p>
        }
      }
      <label for="clipboard-text">Text of the desktop’s clipboard</label>
      <textarea #text id="clipboard-text" rows="6" spellcheck="false"></textarea>
      <div class="actions">
        <button matButton="filled" type="button" (click)="send.emit(text.value)">Send to the desktop</button>
        <button matButton type="button" (click)="dismiss.emit()">Close</button>
      </div>
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
    p {
      margin: 0;
    }
    textarea {
      width: 100%;
      padding: 8px;
      border: 1px solid var(--bd-line);
      border-radius: 8px;
      color: inherit;
      background: var(--bd-quiet);
      font: inherit;
      resize: vertical;
    }
    .actions {
      display: flex;
      gap: 8px;
    }
  `,
})
export class ClipboardPanel {
  protected readonly clipboard = inject(ClipboardSync);
  private readonly text = viewChild.required<ElementRef<HTMLTextAreaElement>>('text');
  readonly send = output<string>();
  /** The person wants the browser to let the page read the clipboard. */
  readonly share = output();
  readonly dismiss = output();

  constructor() {
    afterNextRender(() => this.text().nativeElement.focus());
    effect(() => {
      const field = this.text().nativeElement;
      field.value = this.clipboard.remoteText();
    });
  }
}

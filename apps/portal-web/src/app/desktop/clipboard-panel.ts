import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  afterNextRender,
  computed,
  effect,
  inject,
  output,
  signal,
  viewChild,
} from '@angular/core';
import { MatButton } from '@angular/material/button';
import { CLIPBOARD_LIMIT_WORDS, fitsClipboard } from './clipboard-limit';
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
      <textarea
        #text
        id="clipboard-text"
        rows="6"
        spellcheck="false"
        aria-describedby="clipboard-limit"
        (input)="tooLong.set(false)"
      ></textarea>
      <p id="clipboard-limit" class="bd-muted">Text only, at most {{ limit }}.</p>
      <p class="result" [class.failure]="tooLong()" role="status">{{ result() }}</p>
      <div class="actions">
        <button matButton="filled" type="button" (click)="submit(text.value)">Send to the desktop</button>
        @if (clipboard.remoteText()) {
          <button matButton type="button" (click)="take()">Copy</button>
        }
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
    .result:empty {
      display: none;
    }
    .failure {
      color: var(--mat-sys-error);
    }
    .actions {
      display: flex;
      flex-wrap: wrap;
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

  protected readonly limit = CLIPBOARD_LIMIT_WORDS;
  protected readonly tooLong = signal(false);
  private readonly copied = signal('');
  protected readonly result = computed(() =>
    this.tooLong()
      ? `This is more than ${this.limit}; nothing was sent. Send it in parts, or as a file.`
      : this.copied(),
  );

  constructor() {
    afterNextRender(() => this.text().nativeElement.focus());
    effect(() => {
      const field = this.text().nativeElement;
      field.value = this.clipboard.remoteText();
      this.copied.set('');
    });
  }

  protected submit(text: string): void {
    this.tooLong.set(!fitsClipboard(text));
    if (!this.tooLong()) this.send.emit(this.clipboard.unchanged(text));
  }

  /** Where even a click may not write to the clipboard, the text is selected for the person's own Ctrl+C. */
  protected async take(): Promise<void> {
    if (await this.clipboard.take()) {
      this.copied.set('Copied to your clipboard.');
      return;
    }
    const field = this.text().nativeElement;
    field.focus();
    field.select();
    this.copied.set('Your browser does not let the page copy. The text is selected: copy it with Ctrl+C.');
  }
}

import { Logger } from 'pino';
import { BrowserClipboard, clipboardInstructions } from './browser-clipboard';
import { SentTexts } from './sent-texts';
import { VncClipboard, VncConsole } from './vnc-clipboard';

/** A console whose clipboard a session reads, and what browsers sent there. */
export interface ClipboardSource {
  readonly console: VncConsole;
  readonly sent: SentTexts;
}

/** The side of the browser. */
export interface ClipboardSink {
  /** More is waiting for the browser than it should. */
  readonly full: boolean;
  /** Takes one frame of whole instructions, to go out between two of guacd's. */
  frame(frame: Buffer): void;
}

/** The guest's clipboard in one session: from the console into the stream of the browser, never back where it was. */
export class SessionClipboard {
  private readonly guest: VncClipboard;
  private readonly browser: BrowserClipboard;
  private waiting: string | null = null;

  constructor(
    { console, sent }: ClipboardSource,
    private readonly sink: ClipboardSink,
    log: Logger,
  ) {
    this.browser = new BrowserClipboard((text) => sent.note(text));
    this.guest = new VncClipboard(console, {
      guestText: (text) => {
        if (!sent.isEcho(text)) {
          this.pass(text);
        }
      },
      clipboardAway: (reason) => log.info({ reason }, 'no clipboard from the guest for now'),
    });
  }

  /** Instructions by which the browser sends text to the guest. */
  fromBrowser(instructions: readonly Buffer[]): void {
    instructions.forEach((instruction) => this.browser.receive(instruction));
  }

  /** The browser takes more: what was copied last while it did not goes out now. */
  browserDrained(): void {
    const text = this.waiting;
    this.waiting = null;
    if (text !== null) {
      this.pass(text);
    }
  }

  close(): void {
    this.guest.close();
  }

  private pass(text: string): void {
    if (this.sink.full) {
      this.waiting = text;
      return;
    }
    clipboardInstructions(text).forEach((instruction) => this.sink.frame(Buffer.from(instruction)));
  }
}

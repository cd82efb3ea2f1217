import { Logger } from 'pino';
import { BrowserSocket } from '../browser-socket';
import { Traffic } from '../traffic';
import { BrowserClipboard, clipboardInstructions } from './browser-clipboard';
import { SentTexts } from './sent-texts';
import { VncClipboard, VncConsole } from './vnc-clipboard';

/** A console whose clipboard a session reads, and what browsers sent there. */
export interface ClipboardSource {
  readonly console: VncConsole;
  readonly sent: SentTexts;
}

/** The guest's clipboard in one session: from the console into the stream of the browser, never back where it was. */
export class SessionClipboard {
  private readonly guest: VncClipboard;
  private readonly browser: BrowserClipboard;
  private waiting: string | null = null;

  constructor(
    { console, sent }: ClipboardSource,
    private readonly socket: Pick<BrowserSocket, 'full' | 'send'>,
    private readonly traffic: Traffic,
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

  /** Every frame holds one whole instruction, so none stands inside another of guacd's, whose frames are whole too. */
  private pass(text: string): void {
    if (this.socket.full) {
      this.waiting = text;
      return;
    }
    for (const instruction of clipboardInstructions(text)) {
      this.traffic.sent(instruction.length);
      this.socket.send(instruction);
    }
  }
}

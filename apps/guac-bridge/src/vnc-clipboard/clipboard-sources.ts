import { RedeemAnswer } from '@beamdesk/contracts';
import { SentTexts } from './sent-texts';
import { ClipboardSource } from './session-clipboard';

/** Finds the console whose clipboard a session reads. Sessions of one console share what their browsers sent there. */
export class ClipboardSources {
  private readonly sent = new Map<string, SentTexts>();

  /**
   * Null for a session that may only watch, and for consoles other than VNC, whose clipboard guacd reads both ways.
   */
  of(answer: Exclude<RedeemAnswer, { action: 'refuse' }>): ClipboardSource | null {
    const console = answer.action === 'join' ? answer.console : answer;
    if (answer.readOnly || console?.protocol !== 'vnc') {
      return null;
    }
    const { host, port, parameters } = console;
    const key = `${host}:${port}`;
    const sent = this.sent.get(key) ?? new SentTexts();
    this.sent.set(key, sent);
    return { console: { host, port, password: parameters['password'] ?? '' }, sent };
  }
}

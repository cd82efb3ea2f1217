import { createHash } from 'node:crypto';

const REMEMBERED = 4;
/** The console announces what guacd gave it at once; later the same text is a copy that somebody made in the guest. */
const ECHO_MS = 5_000;

/**
 * What browsers put into the clipboard of one console just now, as hashes. The console announces that text like any
 * other, and it must go back neither to the browser it came from nor into the clipboards of others who are connected.
 */
export class SentTexts {
  private texts: { readonly hash: string; readonly until: number }[] = [];

  note(text: string): void {
    this.texts = [...this.texts, { hash: hashOf(text), until: Date.now() + ECHO_MS }].slice(-REMEMBERED);
  }

  /** True for a text that a browser sent just now and that no copy in the guest has replaced since. */
  isEcho(text: string): boolean {
    const hash = hashOf(text);
    const now = Date.now();
    const echo = this.texts.some((sent) => sent.hash === hash && sent.until > now);
    if (!echo) {
      this.texts = [];
    }
    return echo;
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}

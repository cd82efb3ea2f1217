import { createHash } from 'node:crypto';

const REMEMBERED = 4;

/**
 * What browsers put into the clipboard of one console last, as hashes. The console announces that text like any other,
 * and it must go back neither to the browser it came from nor into the clipboards of others who are connected.
 */
export class SentTexts {
  private hashes: string[] = [];

  note(text: string): void {
    this.hashes = [...this.hashes, hashOf(text)].slice(-REMEMBERED);
  }

  /** True for a text that a browser sent and that no copy in the guest has replaced since. */
  isEcho(text: string): boolean {
    const echo = this.hashes.includes(hashOf(text));
    if (!echo) {
      this.hashes = [];
    }
    return echo;
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}

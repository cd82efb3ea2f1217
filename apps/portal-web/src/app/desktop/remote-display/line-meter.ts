/** How the line between this browser and the portal does, at one moment. */
export interface LineQuality {
  /** Milliseconds until the portal answers; null before its first answer. */
  readonly latencyMs: number | null;
  /** Pictures drawn in the last second; a desktop where nothing moves draws none. */
  readonly framesPerSecond: number;
  readonly bytesPerSecond: number;
}

const KEPT_ANSWERS = 9;
const WINDOW_MS = 1000;

/** Counts what passes through a tunnel. Cheap enough for every frame; asked about once a second. */
export class LineMeter {
  private readonly answers: number[] = [];
  private waitingSince: number | undefined;
  private windowStart: number;
  private current = { frames: 0, bytes: 0 };
  private last = { framesPerSecond: 0, bytesPerSecond: 0 };

  constructor(private readonly now: () => number = () => performance.now()) {
    this.windowStart = now();
  }

  /** The tunnel asked the other end for a sign of life. */
  pinged(): void {
    this.waitingSince ??= this.now();
  }

  /** A frame came. It is base64 and digits: its characters are its bytes. */
  received(characters: number): void {
    this.roll();
    this.current.bytes += characters;
  }

  /** The other end answered a ping. */
  answered(): void {
    if (this.waitingSince === undefined) return;
    this.answers.push(this.now() - this.waitingSince);
    if (this.answers.length > KEPT_ANSWERS) this.answers.shift();
    this.waitingSince = undefined;
  }

  drawn(): void {
    this.roll();
    this.current.frames++;
  }

  quality(): LineQuality {
    this.roll();
    return { latencyMs: this.latency(), ...this.last };
  }

  /** The median of the last answers, or how long the next one is overdue: a line that stands still has no answers. */
  private latency(): number | null {
    if (this.answers.length === 0) return null;
    const sorted = [...this.answers].sort((a, b) => a - b);
    const median = sorted[Math.floor(sorted.length / 2)];
    const waiting = this.waitingSince === undefined ? 0 : this.now() - this.waitingSince;
    return Math.round(Math.max(median, waiting));
  }

  private roll(): void {
    const now = this.now();
    const ms = now - this.windowStart;
    if (ms < WINDOW_MS) return;
    this.last = {
      framesPerSecond: Math.round((1000 * this.current.frames) / ms),
      bytesPerSecond: Math.round((1000 * this.current.bytes) / ms),
    };
    this.current = { frames: 0, bytes: 0 };
    this.windowStart = now;
  }
}

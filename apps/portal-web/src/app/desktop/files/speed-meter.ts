/** Speed is taken over this time: shorter jumps about, longer tells what was. */
const WINDOW_MS = 5000;
/** Before this much time has passed a speed would be a guess. */
const FIRST_MS = 800;

/** How fast bytes leave, from what was counted at times. */
export class SpeedMeter {
  private samples: { at: number; bytes: number }[] = [];

  /** `bytes`: the sum so far; `at`: milliseconds. */
  add(at: number, bytes: number): void {
    this.samples.push({ at, bytes });
    while (this.samples.length > 2 && at - this.samples[1].at >= WINDOW_MS) this.samples.shift();
  }

  /** Bytes a second; null while it is not known. */
  speed(): number | null {
    const first = this.samples[0];
    const last = this.samples.at(-1);
    if (!first || !last || last.at - first.at < FIRST_MS) return null;
    return ((last.bytes - first.bytes) * 1000) / (last.at - first.at);
  }
}

/** Says which step runs and how long each took: `[  12.3 s] tiny: fetch the kernel: 8.6 s`. */
export class Progress {
  private readonly begin = Date.now();
  private readonly label: string;
  private readonly print: (line: string) => void;

  constructor(label: string, print: (line: string) => void) {
    this.label = label;
    this.print = print;
  }

  say(line: string): void {
    const elapsed = ((Date.now() - this.begin) / 1000).toFixed(1).padStart(6);
    this.print(`[${elapsed} s] ${this.label}: ${line}`);
  }

  /** Runs one step. A step may tell of itself through `detail`, shown at most every ten seconds. */
  async step<T>(what: string, work: (detail: (line: string) => void) => Promise<T>): Promise<T> {
    const start = Date.now();
    this.say(`${what} …`);
    let shown = start;
    const result = await work((line) => {
      if (Date.now() - shown < 10_000) return;
      shown = Date.now();
      this.say(`${what}: ${line.slice(0, 100)}`);
    });
    this.say(`${what}: ${((Date.now() - start) / 1000).toFixed(1)} s`);
    return result;
  }
}

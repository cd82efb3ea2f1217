/** Too many wait already. */
export class TooBusy extends Error {}

/**
 * Lets so many pieces of work run at a time, the others in the order they came: each password costs 46 MiB and a tenth of a
 * second of a processor, and a flood of them must not be the end of everything else.
 */
export class FewAtOnce {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly atOnce: number,
    private readonly inLine: number,
  ) {}

  /** Whether work would be refused at this moment. */
  get isFull(): boolean {
    return this.running >= this.atOnce && this.waiting.length >= this.inLine;
  }

  /** @throws TooBusy at once, where `inLine` wait already */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.isFull) throw new TooBusy();
    if (this.running >= this.atOnce) {
      await new Promise<void>((turn) => this.waiting.push(turn));
    } else this.running++;
    try {
      return await work();
    } finally {
      // The turn goes on to who waits longest.
      const next = this.waiting.shift();
      if (next) next();
      else this.running--;
    }
  }
}

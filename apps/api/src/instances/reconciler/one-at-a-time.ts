/**
 * Runs one task per key at a time, different keys side by side, at most `width` of them. A wake-up that comes while its
 * key is busy runs the task once more afterwards, however many came: none is lost, none piles up.
 */
export class OneAtATime {
  private readonly waiting = new Set<string>();
  private readonly busy = new Map<string, Promise<void>>();
  private closed = false;

  constructor(
    private readonly width: number,
    private readonly task: (key: string) => Promise<void>,
    private readonly failed: (key: string, error: unknown) => void,
  ) {}

  wake(key: string): void {
    if (this.closed) return;
    this.waiting.add(key);
    this.pump();
  }

  /** Runs something else for this key, when neither its task nor another such runs; false: it was busy. */
  async exclusively(key: string, work: () => Promise<void>): Promise<boolean> {
    if (this.closed || this.busy.has(key)) return false;
    await this.run(key, work);
    return true;
  }

  /** No task begins any more; resolves when the last one has ended. */
  async close(): Promise<void> {
    this.closed = true;
    this.waiting.clear();
    await Promise.all(this.busy.values());
  }

  private pump(): void {
    for (const key of this.waiting) {
      if (this.busy.size >= this.width) return;
      if (this.busy.has(key)) continue;
      this.waiting.delete(key);
      void this.run(key, () => this.task(key));
    }
  }

  private run(key: string, work: () => Promise<void>): Promise<void> {
    // Begins only after the key is marked: the work itself may wake it.
    const running = Promise.resolve()
      .then(work)
      .catch((error: unknown) => this.failed(key, error))
      .finally(() => {
        this.busy.delete(key);
        this.pump();
      });
    this.busy.set(key, running);
    return running;
  }
}

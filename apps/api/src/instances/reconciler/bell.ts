/** Ends a pause early. Rung while nobody waits, it ends the next pause at once: no ring is lost. */
export class Bell {
  private rung = false;
  private wake: (() => void) | null = null;

  ring(): void {
    this.rung = true;
    this.wake?.();
  }

  /** Resolves after the time, when rung, or when `until` aborts. */
  async wait(ms: number, until: AbortSignal): Promise<void> {
    if (!this.rung && !until.aborted) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
        until.addEventListener('abort', this.wake, { once: true });
      });
      if (this.wake) until.removeEventListener('abort', this.wake);
    }
    this.wake = null;
    this.rung = false;
  }
}

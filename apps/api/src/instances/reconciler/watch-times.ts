import type { InstanceEntity } from '../entities/instance.entity';

/**
 * How long this worker has been watching each instance without a gap. Time limits count watched time only: a machine is
 * not late because nobody looked.
 */
export class WatchTimes {
  private readonly since = new Map<string, number>();

  begin(id: string): void {
    if (!this.since.has(id)) this.since.set(id, Date.now());
  }

  forget(id: string): void {
    this.since.delete(id);
  }

  /** Milliseconds of unbroken watching. */
  time(id: string): number {
    const since = this.since.get(id);
    return since === undefined ? 0 : Date.now() - since;
  }

  /** Whether the instance has been watched in its present state for less than the limit. */
  within(row: InstanceEntity, limitMs: number): boolean {
    return Math.min(this.time(row.id), Date.now() - row.stateSince.getTime()) < limitMs;
  }
}

import type { QuotaView } from '@beamdesk/contracts';
import { EventSocket } from './event-socket';
import { PortalState } from './portal-state';

const RETRY_MS = 1_000;

/**
 * Every open tab of one person in this process. Loads each change once for all of them; one thing at a time, so that no
 * tab sees a change before its snapshot or an older state after a newer one.
 */
export class Audience {
  readonly sockets = new Set<EventSocket>();
  private readonly changed = new Set<string>();
  private pumping = false;
  /** The quota may be another one. */
  private otherQuota = false;
  /** As it was last told, to every socket that is not stale. */
  private told: QuotaView | null = null;

  constructor(
    private readonly userId: string,
    private readonly state: Pick<PortalState, 'snapshot' | 'instance' | 'quota'>,
    private readonly onError: (error: unknown) => void,
  ) {}

  join(socket: EventSocket): void {
    this.sockets.add(socket);
    void this.pump();
  }

  leave(socket: EventSocket): void {
    this.sockets.delete(socket);
  }

  instanceChanged(id: string): void {
    this.changed.add(id);
    void this.pump();
  }

  /** Limits changed, perhaps: told only if it did. */
  quotaChanged(): void {
    this.otherQuota = true;
    void this.pump();
  }

  /** Whether somebody else's desktops take of what this person may hold. */
  get sharesLimits(): boolean {
    return this.told?.subjects.some(({ subject }) => subject.kind !== 'user') ?? false;
  }

  /** Changes may have been missed. */
  refreshAll(): void {
    for (const socket of this.sockets) socket.stale = true;
    void this.pump();
  }

  /** Looks after slow readers. */
  tick(now: number): void {
    const back = [...this.sockets].filter((socket) => socket.caughtUp(now));
    if (back.length > 0) void this.pump();
  }

  private async pump(): Promise<void> {
    if (this.pumping) return;
    this.pumping = true;
    try {
      while (this.sockets.size > 0 && (await this.step()));
    } finally {
      this.pumping = false;
    }
  }

  /** False: nothing left to do. */
  private async step(): Promise<boolean> {
    try {
      const fresh = [...this.sockets].filter((socket) => socket.wantsSnapshot);
      if (fresh.length > 0) {
        // Taken out before the snapshot is read: what changes while it is read is sent after it.
        const before = fresh.length === this.sockets.size ? [...this.changed] : [];
        for (const id of before) this.changed.delete(id);
        const snapshot = await this.state.snapshot(this.userId);
        for (const socket of fresh) socket.send({ type: 'snapshot', ...snapshot });
        this.tellIfOther(snapshot.quota, new Set(fresh));
        return true;
      }
      const [id] = this.changed;
      if (id === undefined) return this.otherQuota && (await this.tellQuota());
      this.changed.delete(id);
      const [instance, quota] = await Promise.all([
        this.state.instance(this.userId, id),
        this.state.quota(this.userId),
      ]);
      this.told = quota;
      for (const socket of this.sockets) {
        socket.send(instance ? { type: 'instance', instance, quota } : { type: 'quota', quota });
      }
      return true;
    } catch (error) {
      this.onError(error);
      // What could not be read is covered by the snapshot that follows.
      this.changed.clear();
      for (const socket of this.sockets) socket.stale = true;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref());
      return true;
    }
  }

  private async tellQuota(): Promise<true> {
    this.otherQuota = false;
    this.tellIfOther(await this.state.quota(this.userId));
    return true;
  }

  /** @param know sockets that were told it just now */
  private tellIfOther(quota: QuotaView, know: ReadonlySet<EventSocket> = new Set()): void {
    const same = JSON.stringify(quota) === JSON.stringify(this.told);
    this.told = quota;
    if (same) return;
    for (const socket of this.sockets) if (!know.has(socket)) socket.send({ type: 'quota', quota });
  }
}

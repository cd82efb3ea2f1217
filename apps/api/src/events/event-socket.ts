import type { PortalEvent } from '@beamdesk/contracts';
import type { WebSocket } from 'ws';

/** An event before it has its number in a socket's row. */
export type Unnumbered = PortalEvent extends infer E ? (E extends { seq: number } ? Omit<E, 'seq'> : never) : never;

/** More than this waiting for a slow reader: it gets nothing until it caught up, and then a fresh snapshot. */
const HIGH_WATER = 256 * 1024;
const GIVE_UP_MS = 30_000;

/** One open tab: numbers what it is sent and keeps a slow reader from filling our memory. */
export class EventSocket {
  /** The next thing it must get is a snapshot. */
  stale = true;
  private seq = 0;
  private behindSince: number | null = null;
  private answered = true;

  constructor(
    private readonly socket: Pick<WebSocket, 'send' | 'ping' | 'close' | 'terminate' | 'bufferedAmount' | 'readyState'>,
    readonly loginSid: string,
  ) {}

  /** Stale, and able to take a snapshot now. */
  get wantsSnapshot(): boolean {
    return this.open && this.stale && this.behindSince === null;
  }

  get open(): boolean {
    return this.socket.readyState === 1;
  }

  /** A change for a socket that is behind is left out: the snapshot it gets later holds it. */
  send(event: Unnumbered): void {
    if (!this.open || (this.stale && event.type !== 'snapshot')) return;
    if (this.socket.bufferedAmount > HIGH_WATER) {
      this.behindSince ??= Date.now();
      this.stale = true;
      return;
    }
    this.stale = false;
    this.seq += 1;
    this.socket.send(JSON.stringify({ ...event, seq: this.seq }));
  }

  /** That the person's roles or request changed: says nothing itself, so that it needs no number. */
  tellAuthorisation(): void {
    this.tell({ type: 'authorisation' });
  }

  /** Without a number; lost by a socket that is behind. */
  tell(event: Exclude<PortalEvent, { seq: number }>): void {
    if (this.open && this.socket.bufferedAmount <= HIGH_WATER) this.socket.send(JSON.stringify(event));
  }

  /** True when it is stale only because it was slow, and has caught up. Call often; ends one that never catches up. */
  caughtUp(now: number): boolean {
    if (this.behindSince === null) return false;
    if (this.socket.bufferedAmount > HIGH_WATER / 4) {
      if (now - this.behindSince > GIVE_UP_MS) this.socket.terminate();
      return false;
    }
    this.behindSince = null;
    return true;
  }

  /** The page's `ping`, and the protocol's own, which tells a dead connection: no answer since the last one ends it. */
  ping(): void {
    if (!this.answered) {
      this.socket.terminate();
      return;
    }
    this.answered = false;
    this.socket.ping();
    if (this.socket.bufferedAmount <= HIGH_WATER)
      this.socket.send(JSON.stringify({ type: 'ping' } satisfies PortalEvent));
  }

  pong(): void {
    this.answered = true;
  }

  close(code: number, reason: string): void {
    this.socket.close(code, reason);
    // A peer that does not answer the close is not waited for.
    setTimeout(() => this.socket.terminate(), 1_000).unref();
  }
}

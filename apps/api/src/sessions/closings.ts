import type { SessionClosing } from '@beamdesk/contracts';
import { Injectable, Logger, OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { ChangeFeed } from '../events/change-feed';
import { DesktopSessionEntity } from './desktop-session.entity';
import { DesktopSessionsRepository } from './desktop-sessions.repository';
import { SessionRights } from './session-rights';

export type ClosingListener = (closing: SessionClosing) => void;

/**
 * Tells bridges at once which of their sessions have to end: whenever somebody signs out, or their roles or an instance change,
 * the right to every session that hangs on it is decided anew. What is missed here is caught by the next renewal.
 */
@Injectable()
export class Closings implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Closings');
  private readonly listeners = new Map<string, Set<ClosingListener>>();
  private readonly stops: (() => void)[] = [];

  constructor(
    private readonly feed: ChangeFeed,
    private readonly sessions: DesktopSessionsRepository,
    private readonly rights: SessionRights,
  ) {}

  onApplicationBootstrap(): void {
    this.stops.push(this.feed.onSignOut((loginSid) => void this.look({ loginSid })));
    this.stops.push(this.feed.onAuthorisation((userId) => void this.look({ userId })));
    this.stops.push(this.feed.onInstance((instanceId) => void this.look({ instanceId })));
    this.stops.push(this.feed.onGap(() => void this.look(null)));
  }

  onApplicationShutdown(): void {
    for (const stop of this.stops) stop();
  }

  /**
   * Until the returned function is called, `listener` hears of sessions of this bridge; first of what had to end while
   * nobody listened.
   */
  listen(bridge: string, listener: ClosingListener): () => void {
    const listeners = this.listeners.get(bridge) ?? new Set();
    this.listeners.set(bridge, listeners.add(listener));
    void this.look(null);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.listeners.delete(bridge);
    };
  }

  private async look(by: Parameters<DesktopSessionsRepository['openOf']>[1]): Promise<void> {
    if (this.listeners.size === 0) return;
    try {
      for (const session of await this.sessions.openOf([...this.listeners.keys()], by)) await this.decide(session);
    } catch (error) {
      this.logger.warn(`cannot look at sessions: ${String(error)}`);
    }
  }

  private async decide(session: DesktopSessionEntity): Promise<void> {
    const decision = await this.rights.mayGoOn(session);
    if (!('denied' in decision)) return;
    const { status, code } = decision.denied;
    // The page comes back at once, and must find nothing to join.
    if (code === 'GUEST_RESTARTED') await this.sessions.end(session.id, code);
    for (const listener of this.listeners.get(session.bridge) ?? []) listener({ sessionId: session.id, status, code });
  }
}

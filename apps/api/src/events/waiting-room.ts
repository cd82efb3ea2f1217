import { EVENTS_CLOSE, type PortalEvent } from '@beamdesk/contracts';
import { BeforeApplicationShutdown, Injectable, Logger, OnApplicationBootstrap } from '@nestjs/common';
import type { WebSocket } from 'ws';
import { LoginSessions } from '../auth';
import { ChangeFeed } from './change-feed';

const TICK_MS = 15_000;
const MAX_PER_LOGIN = 32;
const GOING_AWAY = 1001;
const TRY_AGAIN_LATER = 1013;

interface Tab {
  userId: string;
  loginSid: string;
  /** Answered the last ping. */
  answered: boolean;
}

/**
 * Open tabs that wait for somebody to be let in. They hear that something about their own person's authorisation changed and
 * nothing of what, so that it does not matter what they may see.
 */
@Injectable()
export class WaitingRoom implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('WaitingRoom');
  private readonly tabs = new Map<WebSocket, Tab>();
  private readonly stops: (() => void)[] = [];

  constructor(
    private readonly feed: ChangeFeed,
    private readonly loginSessions: LoginSessions,
  ) {}

  onApplicationBootstrap(): void {
    this.stops.push(this.feed.onAuthorisation((userId) => this.tell((tab) => tab.userId === userId)));
    this.stops.push(this.feed.onSignOut((loginSid) => this.signedOut(loginSid)));
    this.stops.push(this.feed.onGap(() => this.tell(() => true)));
    const timer = setInterval(() => void this.tick(), TICK_MS);
    this.stops.push(() => clearInterval(timer));
  }

  /** Before the http server closes: it waits for every socket. */
  beforeApplicationShutdown(): void {
    for (const stop of this.stops) stop();
    for (const socket of this.tabs.keys()) end(socket, GOING_AWAY, 'restart');
  }

  /** Is told once at the start: what changed before it listened is seen that way. */
  join(socket: WebSocket, login: { userId: string; loginSid: string }): void {
    const open = [...this.tabs.values()].filter(({ loginSid }) => loginSid === login.loginSid).length;
    if (open >= MAX_PER_LOGIN) return end(socket, TRY_AGAIN_LATER, 'too many');
    this.tabs.set(socket, { ...login, answered: true });
    socket.on('close', () => this.tabs.delete(socket));
    socket.on('pong', () => {
      const tab = this.tabs.get(socket);
      if (tab) tab.answered = true;
    });
    if (socket.readyState !== socket.OPEN) this.tabs.delete(socket);
    else send(socket, { type: 'authorisation' });
  }

  private tell(who: (tab: Tab) => boolean): void {
    for (const [socket, tab] of this.tabs) if (who(tab)) send(socket, { type: 'authorisation' });
  }

  private signedOut(loginSid: string): void {
    for (const [socket, tab] of this.tabs) {
      if (tab.loginSid === loginSid) end(socket, EVENTS_CLOSE.SIGNED_OUT, 'NOT_SIGNED_IN');
    }
  }

  private async tick(): Promise<void> {
    for (const [socket, tab] of this.tabs) {
      if (!tab.answered) {
        socket.terminate();
        continue;
      }
      tab.answered = false;
      socket.ping();
      send(socket, { type: 'ping' });
    }
    try {
      for (const login of new Set([...this.tabs.values()].map(({ loginSid }) => loginSid))) {
        const { refusal } = await this.loginSessions.recheck(login);
        if (refusal === 'NOT_SIGNED_IN') this.signedOut(login);
      }
    } catch (error) {
      // Not knowing is not a sign-out.
      this.logger.debug(`cannot check login sessions: ${String(error)}`);
    }
  }
}

function send(socket: WebSocket, event: PortalEvent): void {
  if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(event));
}

function end(socket: WebSocket, code: number, reason: string): void {
  socket.close(code, reason);
  // A peer that does not answer the close is not waited for.
  setTimeout(() => socket.terminate(), 1_000).unref();
}

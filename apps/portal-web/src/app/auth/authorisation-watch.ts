import { DOCUMENT, DestroyRef, Injectable, inject } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import type { EVENTS_CLOSE, PortalEvent } from '@beamdesk/contracts';
import { Observable, Subject } from 'rxjs';
import { OPEN_SOCKET } from '../api/events.client';
import { reconnectDelay } from '../api/reconnect-schedule';
import { SessionEnd } from '../api/session-end';
import { Wake } from '../api/wake';

const SIGNED_OUT: (typeof EVENTS_CLOSE)['SIGNED_OUT'] = 4401;
/** The server pings every 15 s: after this silence the connection counts as dead. */
const SILENCE_MS = 40_000;

/**
 * Hears that something about this person's authorisation changed, while they are let into nothing; never what. Every new
 * connection counts as a change: what happened in between was heard by nobody. Ends with the page that provides it.
 */
@Injectable()
export class AuthorisationWatch {
  private readonly openSocket = inject(OPEN_SOCKET);
  private readonly sessionEnd = inject(SessionEnd);
  private readonly origin = inject(DOCUMENT).location.origin.replace(/^http/, 'ws');
  private readonly heard = new Subject<void>();
  private socket: WebSocket | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;

  readonly changes: Observable<void> = this.heard.asObservable();

  constructor() {
    inject(Wake)
      .wakes.pipe(takeUntilDestroyed())
      .subscribe(() => this.connect());
    inject(DestroyRef).onDestroy(() => this.drop());
    this.connect();
  }

  private connect(): void {
    this.drop();
    const socket = this.openSocket(`${this.origin}/api/events?about=authorisation`);
    this.socket = socket;
    this.wait(SILENCE_MS);
    socket.onmessage = (message: MessageEvent<unknown>) => socket === this.socket && this.receive(message.data);
    socket.onclose = (close) => socket === this.socket && this.closed(close.code);
  }

  private receive(data: unknown): void {
    this.failures = 0;
    this.wait(SILENCE_MS);
    if (typeof data === 'string' && (JSON.parse(data) as PortalEvent).type === 'authorisation') this.heard.next();
  }

  private closed(code: number): void {
    this.drop();
    if (code === SIGNED_OUT) void this.sessionEnd.handle('NOT_SIGNED_IN');
    else this.wait(reconnectDelay(this.failures++));
  }

  private wait(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.connect(), ms);
  }

  private drop(): void {
    clearTimeout(this.timer);
    const socket = this.socket;
    this.socket = undefined;
    socket?.close();
  }
}

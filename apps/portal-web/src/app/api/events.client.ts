import { DOCUMENT, DestroyRef, Injectable, InjectionToken, inject, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import type { EVENTS_CLOSE, PortalEvent } from '@beamdesk/contracts';
import { Observable, Subject } from 'rxjs';
import { reconnectDelay } from './reconnect-schedule';
import { SessionEnd } from './session-end';
import { SessionStore } from './session.store';
import { Wake } from './wake';

type CloseCodes = typeof EVENTS_CLOSE;
const SIGNED_OUT: CloseCodes['SIGNED_OUT'] = 4401;
const FORBIDDEN: CloseCodes['FORBIDDEN'] = 4403;

/** The server pings every 20 s: after this silence the connection counts as dead, whatever the socket thinks. */
const SILENCE_MS = 45_000;
/** On wake a connection heard from this recently is believed. */
const FRESH_MS = 22_000;

/** Makes the websocket; replaced in tests. */
export const OPEN_SOCKET = new InjectionToken<(url: string) => WebSocket>('OPEN_SOCKET', {
  providedIn: 'root',
  factory: () => (url) => new WebSocket(url),
});

/** `idle`: not wanted; `lost`: wanted, was or could not be opened, trying again by itself. */
export type ConnectionState = 'idle' | 'connecting' | 'open' | 'lost';

/**
 * The push connection `/api/events`: a snapshot, then changes with `seq` rising by one. A gap, silence, sleep or a
 * close leads to a new connection and so to a new snapshot; nothing is ever asked for by polling.
 */
@Injectable({ providedIn: 'root' })
export class EventsClient {
  private readonly openSocket = inject(OPEN_SOCKET);
  private readonly session = inject(SessionStore);
  private readonly sessionEnd = inject(SessionEnd);
  private readonly document = inject(DOCUMENT);
  private readonly received = new Subject<PortalEvent>();
  private readonly state = signal<ConnectionState>('idle');
  private socket: WebSocket | undefined;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private silenceTimer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  private seq: number | undefined;
  private heardAt = 0;

  readonly events: Observable<PortalEvent> = this.received.asObservable();
  readonly connection = this.state.asReadonly();

  constructor() {
    inject(Wake)
      .wakes.pipe(takeUntilDestroyed())
      .subscribe(() => this.wake());
    inject(DestroyRef).onDestroy(() => this.stop());
  }

  /** Connects and stays connected until `stop`. */
  start(): void {
    if (this.state() === 'idle') this.connect();
  }

  stop(): void {
    this.drop();
    this.failures = 0;
    this.state.set('idle');
  }

  /** Connects at once instead of waiting for the next attempt. */
  reconnectNow(): void {
    if (this.state() === 'idle') return;
    this.drop();
    this.connect();
  }

  private wake(): void {
    if (this.state() === 'open' && Date.now() - this.heardAt < FRESH_MS) return;
    this.reconnectNow();
  }

  private connect(): void {
    if (this.state() !== 'lost') this.state.set('connecting');
    this.seq = undefined;
    const socket = this.openSocket(`${this.document.location.origin.replace(/^http/, 'ws')}/api/events`);
    this.socket = socket;
    this.listenForSilence();
    socket.onmessage = (message: MessageEvent<unknown>) => socket === this.socket && this.receive(message.data);
    socket.onclose = (close) => socket === this.socket && this.closed(close.code);
  }

  private receive(data: unknown): void {
    const event = parseEvent(data);
    if (event === undefined) return this.retry();
    this.heardAt = Date.now();
    this.listenForSilence();
    if (event.type === 'ping') return;
    if (event.type === 'authorisation') return void this.checkSession();
    // Unnumbered: what a gap swallows, a page looks up for itself after the next snapshot.
    if (!('seq' in event)) return this.received.next(event);
    if (event.type !== 'snapshot' && (this.seq === undefined || event.seq !== this.seq + 1)) return this.retry();
    this.seq = event.seq;
    this.failures = 0;
    this.state.set('open');
    this.received.next(event);
  }

  private closed(code: number): void {
    if (code === SIGNED_OUT) {
      this.stop();
      void this.sessionEnd.handle('NOT_SIGNED_IN');
      return;
    }
    this.retry();
    // A refused upgrade looks like any other failure to a browser, so the session is asked; so is it after a 4403.
    if (code === FORBIDDEN || this.failures % 3 === 2) void this.checkSession();
  }

  private async checkSession(): Promise<void> {
    await this.session.reload().catch(() => undefined);
    if (!this.session.signedIn()) await this.sessionEnd.handle('NOT_SIGNED_IN');
    else if (!this.session.authorised()) await this.sessionEnd.handle('NOT_AUTHORISED');
    else if (!this.session.conditionsAccepted()) await this.sessionEnd.handle('CONDITIONS_NOT_ACCEPTED');
  }

  private retry(): void {
    this.drop();
    this.state.set('lost');
    this.retryTimer = setTimeout(() => this.connect(), reconnectDelay(this.failures++));
  }

  private drop(): void {
    clearTimeout(this.retryTimer);
    clearTimeout(this.silenceTimer);
    const socket = this.socket;
    this.socket = undefined;
    socket?.close();
  }

  private listenForSilence(): void {
    clearTimeout(this.silenceTimer);
    this.silenceTimer = setTimeout(() => this.retry(), SILENCE_MS);
  }
}

function parseEvent(data: unknown): PortalEvent | undefined {
  try {
    return typeof data === 'string' ? (JSON.parse(data) as PortalEvent) : undefined;
  } catch {
    return undefined;
  }
}

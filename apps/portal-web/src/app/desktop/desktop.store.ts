import { DestroyRef, Injectable, computed, effect, inject, signal, untracked } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import type { InstanceView } from '@beamdesk/contracts';
import { InstancesApi } from '../api/instances.api';
import { InstancesStore } from '../api/instances.store';
import { Wake } from '../api/wake';
import { Toasts } from '../shell/toasts.store';
import { Attempts } from './attempts';
import { CLIPBOARD_LIMIT_WORDS, fitsClipboard } from './clipboard-limit';
import { bestSize } from './best-size';
import { ClipboardSync } from './clipboard-sync';
import { DesktopEvent, DesktopStatus, next } from './desktop-status';
import { Verdict, verdictOfTicketError } from './ending';
import {
  DisplayConnection,
  DisplayFit,
  DisplayListener,
  RemoteDisplay,
  TouchMode,
} from './remote-display/remote-display';
import type { LineQuality } from './remote-display/line-meter';
import { StartWatch } from './start-watch';

const FIRST_PICTURE_MS = 25_000;
const NO_LINE: LineQuality = { latencyMs: null, framesPerSecond: 0, bytesPerSecond: 0 };

/** One desktop page: follows its instance, keeps it connected while the machine is ready, and says how that goes. */
@Injectable()
export class DesktopStore {
  private readonly instances = inject(InstancesStore);
  private readonly api = inject(InstancesApi);
  private readonly display = inject(RemoteDisplay);
  private readonly clipboard = inject(ClipboardSync);
  private readonly toasts = inject(Toasts);
  private readonly id = signal<string | undefined>(undefined);
  private readonly frame = signal<HTMLElement | undefined>(undefined);
  private readonly current = signal<DesktopStatus>({ kind: 'idle' });
  private readonly kind = computed(() => this.current().kind);
  private readonly start = new StartWatch();
  private readonly attempts = new Attempts();
  private connection: DisplayConnection | undefined;
  private run = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  readonly status = this.current.asReadonly();
  readonly fit = signal<DisplayFit>('fit');
  readonly touch = signal<TouchMode>('touchscreen');
  readonly instance = computed<InstanceView | undefined>(() => {
    const id = this.id();
    return id === undefined ? undefined : this.instances.byId(id)();
  });
  readonly loaded = this.instances.loaded;
  /** The last that was known of the instance, also after it is gone. */
  readonly lastKnown = signal<InstanceView | undefined>(undefined);
  /** Counts how often the person asked by keys to leave the display. */
  readonly escapes = signal(0);
  /** Connected, or on the way. */
  readonly engaged = computed(() => this.kind() !== 'idle');
  /** From the start that this page saw until the first picture: one state for the eye, whatever happens in between. */
  readonly comingUp = computed(() => this.start.goesOn(this.current()));

  constructor() {
    effect(() => {
      const instance = this.instance();
      const frame = this.frame();
      // Look again after a drop while the machine restarts, and at a snapshot without the instance.
      void [this.kind(), this.loaded()];
      untracked(() => this.follow(instance, frame));
    });
    // READY is acted on as it arrives: the next rendering may be a frame away, in a tab behind others a second.
    this.instances.changes
      .pipe(takeUntilDestroyed())
      .subscribe((instance) => instance.id === this.id() && this.follow(instance, this.frame()));
    inject(Wake)
      .wakes.pipe(takeUntilDestroyed())
      .subscribe(() => this.current().kind === 'reconnecting' && this.reconnectNow());
    inject(DestroyRef).onDestroy(() => this.leave());
  }

  /** Which desktop the page is about. */
  watch(id: string): void {
    if (untracked(this.id) !== id) {
      this.leave();
      this.lastKnown.set(undefined);
      this.start.over();
      this.id.set(id);
      void this.display.load().catch(() => undefined);
    }
  }

  /** Where the picture goes. */
  attach(frame: HTMLElement): void {
    this.frame.set(frame);
  }

  reconnectNow(): void {
    clearTimeout(this.timer);
    const before = this.current().kind;
    this.move({ type: 'retry' });
    if (before !== this.current().kind) void this.connect();
  }

  setFit(fit: DisplayFit): void {
    this.fit.set(fit);
    this.connection?.fit(fit);
  }

  setTouch(mode: TouchMode): void {
    this.touch.set(mode);
    this.connection?.touch(mode);
  }

  /** Presses keys together, in this order; X11 keysyms. */
  press(keysyms: readonly number[]): void {
    this.connection?.pressTogether(...keysyms);
  }

  focusDisplay(how: 'pointer' | 'typing' = 'typing'): void {
    this.connection?.focus(how);
  }

  /** The picture as a PNG; undefined while there is none. */
  async screenshot(): Promise<Blob | undefined> {
    return this.connection?.screenshot();
  }

  /** How the line does now. Not a signal: it changes all the time, and nobody but the meter looks. */
  quality(): LineQuality {
    return this.connection?.quality() ?? NO_LINE;
  }

  sendClipboard(text: string): void {
    this.clipboard.sent(text);
    this.offer(text);
  }

  /** Takes over what was copied in the browser's system, where the browser lets a page do so. */
  async shareClipboard(): Promise<void> {
    const text = await this.clipboard.pull();
    if (text !== null) this.offer(text);
  }

  /** All of it or nothing: half a text, unnoticed, is worse than none. */
  private offer(text: string): void {
    if (fitsClipboard(text)) this.connection?.sendClipboard(text);
    else this.toasts.info(`What you copied is more than ${CLIPBOARD_LIMIT_WORDS}; the desktop did not get it.`);
  }

  private follow(instance: InstanceView | undefined, frame: HTMLElement | undefined): void {
    if (instance) this.lastKnown.set(instance);
    if (instance && this.kind() === 'idle') this.start.look(instance);
    const live = this.current().kind === 'live';
    // The agent may be lost, or the guest restart, while the picture goes on: nobody's screen is taken away for that.
    const stays = instance?.state === 'READY' || (live && instance?.state === 'STARTING');
    if (!stays || !frame) {
      // Before the first snapshot an absent instance means nothing; after an end the reason that was given says more.
      const toldWhy = !instance && this.kind() === 'ended';
      if (this.engaged() && this.loaded() && !toldWhy) this.leave();
    } else if (this.current().kind === 'idle') {
      this.move({ type: 'ready' });
      void this.connect();
    }
  }

  private async connect(): Promise<void> {
    const run = ++this.run;
    const stale = () => run !== this.run;
    const frame = this.frame();
    const id = this.id();
    if (!frame || id === undefined || this.current().kind !== 'asking') return;
    try {
      const [{ ticket, path }] = await Promise.all([this.api.ticket(id), this.display.load()]);
      if (stale()) return;
      this.move({ type: 'ticket' });
      this.schedule(FIRST_PICTURE_MS, () => this.fail({ retry: true, reason: 'silent' }));
      const request = { path, ticket, ...bestSize(frame, globalThis.devicePixelRatio) };
      const connection = await this.display.connect(frame, request, this.listener(stale));
      if (stale()) return connection.disconnect();
      this.connection = connection;
      connection.fit(this.fit());
      connection.touch(this.touch());
    } catch (error) {
      if (!stale()) this.fail(verdictOfTicketError(error));
    }
  }

  private listener(stale: () => boolean): DisplayListener {
    const unlessStale =
      <T extends unknown[]>(action: (...values: T) => void) =>
      (...values: T): void =>
        stale() ? undefined : action(...values);
    return {
      picture: unlessStale(() => {
        clearTimeout(this.timer);
        this.attempts.live();
        this.start.over();
        this.move({ type: 'picture' });
        void this.shareClipboard();
      }),
      stable: unlessStale((stable) => this.move({ type: 'stable', stable })),
      clipboard: unlessStale((text) => void this.clipboard.push(text)),
      escape: unlessStale(() => this.escapes.update((count) => count + 1)),
      ended: unlessStale((status) => {
        this.connection = undefined;
        this.fail(this.attempts.judge(status));
      }),
    };
  }

  private fail(verdict: Verdict): void {
    const delay = this.attempts.failed();
    this.run++;
    this.drop();
    this.move({ type: 'failed', verdict, failures: this.attempts.failures, retryAt: Date.now() + delay });
    if (this.current().kind === 'reconnecting') this.schedule(delay, () => this.reconnectNow());
  }

  /** Ends the connection, never the machine. */
  private leave(): void {
    this.run++;
    this.drop();
    this.frame()?.replaceChildren();
    this.attempts.forget();
    this.move({ type: 'not-ready' });
  }

  /** Of a connection that is over by itself, the last picture stays. */
  private drop(): void {
    clearTimeout(this.timer);
    this.connection?.disconnect();
    this.connection = undefined;
  }

  private schedule(ms: number, action: () => void): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(action, ms);
  }

  private move(event: DesktopEvent): void {
    this.current.update((status) => next(status, event));
  }
}

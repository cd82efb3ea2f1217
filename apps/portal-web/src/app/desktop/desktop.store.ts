import { DestroyRef, Injectable, computed, effect, inject, signal, untracked } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import type { ConsoleProtocol, InstanceView } from '@beamdesk/contracts';
import { InstancesApi } from '../api/instances.api';
import { InstancesStore } from '../api/instances.store';
import { Wake } from '../api/wake';
import { Toasts } from '../shell/toasts.store';
import type { ScreenSize } from './best-size';
import { CLIPBOARD_LIMIT_WORDS, fitsClipboard } from './clipboard-limit';
import { ClipboardSync } from './clipboard-sync';
import { LineKeeper } from './line-keeper';
import { DesktopSound } from './line-sound';
import { MatchWindow } from './match-window';
import type { LineQuality } from './remote-display/line-meter';
import { DisplayConnection, DisplayFit, RemoteDisplay, TouchMode } from './remote-display/remote-display';
import { StartWatch } from './start-watch';

const NO_LINE: LineQuality = { latencyMs: null, framesPerSecond: 0, bytesPerSecond: 0 };

/** One desktop page: follows its instance, keeps it connected while the machine is ready, and says how that goes. */
@Injectable()
export class DesktopStore {
  private readonly instances = inject(InstancesStore);
  private readonly api = inject(InstancesApi);
  private readonly display = inject(RemoteDisplay);
  private readonly clipboard = inject(ClipboardSync);
  private readonly match = inject(MatchWindow);
  private readonly toasts = inject(Toasts);
  private readonly id = signal<string | undefined>(undefined);
  private readonly frame = signal<HTMLElement | undefined>(undefined);
  private readonly start = new StartWatch();
  private protocol: ConsoleProtocol = 'vnc';
  private readonly line = new LineKeeper(this.api, this.display, {
    connected: (connection, protocol) => {
      this.protocol = protocol;
      connection.fit(this.fit());
      connection.touch(this.touch());
      this.sound.connected(connection);
    },
    picture: () => {
      this.start.over();
      void this.shareClipboard();
      this.matchWindow();
    },
    size: (width, height) => this.match.resized({ width, height }),
    clipboard: (text) => void this.clipboard.push(text),
    sound: () => this.sound.began(),
    escape: () => this.escapes.update((count) => count + 1),
  });

  readonly status = this.line.status;
  readonly sound = new DesktopSound();
  readonly fit = this.match.fit;
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
  readonly engaged = computed(() => this.line.kind() !== 'idle');
  /** From the start that this page saw until the first picture: one state for the eye, whatever happens in between. */
  readonly comingUp = computed(() => this.start.goesOn(this.status()));

  constructor() {
    effect(() => {
      const instance = this.instance();
      const frame = this.frame();
      // Look again after a drop while the machine restarts, and at a snapshot without the instance.
      void [this.line.kind(), this.loaded()];
      untracked(() => this.follow(instance, frame));
    });
    effect(() => this.line.kind() !== 'live' && this.match.leave());
    let lost = false;
    effect(() => {
      const connection = this.instances.connection();
      if (lost && connection === 'open') untracked(() => this.line.lineIsBack());
      lost = connection === 'lost' || (lost && connection !== 'open');
    });
    // READY is acted on as it arrives: the next rendering may be a frame away, in a tab behind others a second.
    this.instances.changes
      .pipe(takeUntilDestroyed())
      .subscribe((instance) => instance.id === this.id() && this.follow(instance, this.frame()));
    inject(Wake)
      .wakes.pipe(takeUntilDestroyed())
      .subscribe(() => this.line.wake());
    inject(DestroyRef).onDestroy(() => this.line.leave());
  }

  /** Which desktop the page is about. */
  watch(id: string): void {
    if (untracked(this.id) !== id) {
      this.line.leave();
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
    this.line.tryNow();
  }

  setFit(fit: DisplayFit): void {
    this.match.choose(fit);
    this.line.connection?.fit(this.fit());
  }

  setTouch(mode: TouchMode): void {
    this.touch.set(mode);
    this.line.connection?.touch(mode);
  }

  /** Presses keys together, in this order; X11 keysyms. */
  press(keysyms: readonly number[]): void {
    this.line.connection?.pressTogether(...keysyms);
  }

  focusDisplay(how: 'pointer' | 'typing' = 'typing'): void {
    this.line.connection?.focus(how);
  }

  /** The picture as a PNG; undefined while there is none. */
  async screenshot(): Promise<Blob | undefined> {
    return this.line.connection?.screenshot();
  }

  /** How the line does now. Not a signal: it changes all the time, and nobody but the meter looks. */
  quality(): LineQuality {
    return this.line.connection?.quality() ?? NO_LINE;
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
    if (fitsClipboard(text)) this.line.connection?.sendClipboard(text);
    else this.toasts.info(`What you copied is more than ${CLIPBOARD_LIMIT_WORDS}; the desktop did not get it.`);
  }

  /** Only now: a size that is asked for before there is a picture is lost on the way. */
  private matchWindow(): void {
    const [frame, id, { connection }] = [this.frame(), this.id(), this.line];
    if (!frame || id === undefined || !connection) return;
    this.match.live({
      frame,
      ask: (size) => this.resize(id, connection, size),
      stays: () => connection.fit(this.fit()),
    });
  }

  /** Over RDP the session carries the wish; otherwise the guest's agent is asked through the portal. */
  private async resize(id: string, connection: DisplayConnection, { width, height }: ScreenSize): Promise<void> {
    if (this.protocol === 'rdp') connection.resize(width, height);
    else await this.api.setDisplay(id, { width, height });
  }

  private follow(instance: InstanceView | undefined, frame: HTMLElement | undefined): void {
    this.match.follow(instance);
    if (instance) this.lastKnown.set(instance);
    if (instance && this.line.kind() === 'idle') this.start.look(instance);
    const live = this.line.kind() === 'live';
    // The agent may be lost, or the guest restart, while the picture goes on: nobody's screen is taken away for that.
    const stays = instance?.state === 'READY' || (live && instance?.state === 'STARTING');
    const id = this.id();
    if (!stays || !frame || id === undefined) {
      // Before the first snapshot an absent instance means nothing; after an end the reason that was given says more.
      const toldWhy = !instance && this.line.kind() === 'ended';
      if (this.engaged() && this.loaded() && !toldWhy) this.line.leave();
    } else {
      this.line.begin({ id, frame });
    }
  }
}

import { computed, signal } from '@angular/core';
import type { ConsoleProtocol } from '@beamdesk/contracts';
import type { InstancesApi } from '../api/instances.api';
import { Attempts } from './attempts';
import { bestSize } from './best-size';
import { DesktopEvent, DesktopStatus, next } from './desktop-status';
import { Verdict, verdictOfTicketError } from './ending';
import { DisplayConnection, DisplayListener, RemoteDisplay } from './remote-display/remote-display';

/** Until the ticket is there: a request on a line that was cut may hang for minutes. */
const TICKET_MS = 15_000;
const FIRST_PICTURE_MS = 25_000;
/** An attempt that is this old when the line comes back was probably begun on the dead one. */
const HANGING_MS = 3_000;

/** The desktop a page is to be connected to, and where its picture goes. */
export interface LineGoal {
  readonly id: string;
  readonly frame: HTMLElement;
}

/** Who hears of a desktop's connections, one after the other. */
export interface LineListener extends Omit<DisplayListener, 'stable' | 'ended'> {
  /** A new connection stands; its picture is still to come. */
  connected(connection: DisplayConnection, protocol: ConsoleProtocol): void;
}

/** Keeps a page connected to its desktop until it is told to leave: asks for tickets, waits, tries again, gives up. */
export class LineKeeper {
  private readonly current = signal<DesktopStatus>({ kind: 'idle' });
  private readonly attempts = new Attempts();
  private goal: LineGoal | undefined;
  private run = 0;
  private begunAt = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  readonly status = this.current.asReadonly();
  readonly kind = computed(() => this.current().kind);
  /** What stands now; undefined between two connections. */
  connection: DisplayConnection | undefined;

  constructor(
    private readonly api: Pick<InstancesApi, 'ticket'>,
    private readonly display: RemoteDisplay,
    private readonly listener: LineListener,
  ) {}

  /** Connects, unless it does so already, or ended and was told why. */
  begin(goal: LineGoal): void {
    if (this.current().kind !== 'idle') return;
    this.goal = goal;
    this.move({ type: 'ready' });
    void this.connect();
  }

  /** Tries now what is waited for, or again what had ended. */
  tryNow(): void {
    const { kind } = this.current();
    if (kind === 'reconnecting' || kind === 'ended') this.again();
  }

  /** The person looks again, or the computer is back: no reason to wait any longer. */
  wake(): void {
    if (this.current().kind === 'reconnecting') this.again();
  }

  /** The portal can be reached again: no reason to wait, nor to hang on to an attempt that was begun before. */
  lineIsBack(): void {
    const hangs = 'attempt' in this.current() && Date.now() - this.begunAt > HANGING_MS;
    if (this.current().kind === 'reconnecting' || hangs) this.again();
  }

  /** Ends the connection, never the machine. */
  leave(): void {
    this.run++;
    this.drop();
    this.goal?.frame.replaceChildren();
    this.attempts.forget();
    this.move({ type: 'not-ready' });
  }

  private again(): void {
    this.drop();
    this.move({ type: 'retry' });
    void this.connect();
  }

  private async connect(): Promise<void> {
    const run = ++this.run;
    const stale = () => run !== this.run;
    const { goal } = this;
    if (!goal || this.current().kind !== 'asking') return;
    this.begunAt = Date.now();
    this.schedule(TICKET_MS, () => this.fail({ retry: true, reason: 'network' }));
    try {
      const [{ ticket, path, protocol }] = await Promise.all([this.api.ticket(goal.id), this.display.load()]);
      if (stale()) return;
      this.move({ type: 'ticket' });
      this.schedule(FIRST_PICTURE_MS, () => this.fail({ retry: true, reason: 'silent' }));
      const request = { path, ticket, protocol, ...bestSize(goal.frame, globalThis.devicePixelRatio) };
      const connection = await this.display.connect(goal.frame, request, this.listenerOf(stale));
      if (stale()) return connection.disconnect();
      this.connection = connection;
      this.listener.connected(connection, protocol);
    } catch (error) {
      if (!stale()) this.fail(verdictOfTicketError(error));
    }
  }

  private listenerOf(stale: () => boolean): DisplayListener {
    const unlessStale =
      <T extends unknown[]>(action: (...values: T) => void) =>
      (...values: T): void =>
        stale() ? undefined : action(...values);
    return {
      picture: unlessStale(() => {
        clearTimeout(this.timer);
        this.attempts.live();
        this.move({ type: 'picture' });
        this.listener.picture();
      }),
      size: unlessStale((width, height) => this.listener.size(width, height)),
      stable: unlessStale((stable) => this.move({ type: 'stable', stable })),
      clipboard: unlessStale((text) => this.listener.clipboard(text)),
      sound: unlessStale(() => this.listener.sound()),
      escape: unlessStale(() => this.listener.escape()),
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
    if (this.current().kind === 'reconnecting') this.schedule(delay, () => this.again());
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

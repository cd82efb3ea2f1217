import { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { connectTo } from '../guacd/guacd-socket';
import { LIMITS } from '../limits';
import { Address } from '../settings';
import { ByteReader, RfbError } from './byte-reader';
import { caps, decodeProvided, FLAG, requestText, setEncodings } from './extended-clipboard';
import { shakeHands } from './rfb-handshake';
import { nextClipboardMessage } from './server-messages';

/** Where a VNC console is and how to enter it. */
export interface VncConsole extends Address {
  readonly password: string;
}

/** Who hears of the guest's clipboard. */
export interface VncClipboardListener {
  /** Somebody copied text. */
  guestText(text: string): void;
  /** The console gives no clipboard for now, for a stable word as reason. Comes once, however often it is tried. */
  clipboardAway(reason: string): void;
}

/**
 * Reads the guest's clipboard over a second RFB connection to its console, which asks for no picture: QEMU tells only
 * clients of the extended clipboard what the guest copied, and guacd's VNC client is none. Tries again, ever more
 * rarely, until it is closed; never throws.
 */
export class VncClipboard {
  private readonly stop = new AbortController();
  private socket: Socket | null = null;
  private told = false;

  constructor(
    private readonly console: VncConsole,
    private readonly listener: VncClipboardListener,
  ) {
    void this.keepReading();
  }

  /** The listener hears nothing more. */
  close(): void {
    this.stop.abort();
    this.socket?.destroy();
  }

  private async keepReading(): Promise<void> {
    let pause: number = LIMITS.clipboardRetryFirst;
    while (!this.closed) {
      const began = Date.now();
      const reason = await this.read().catch(reasonOf);
      if (this.closed) {
        return;
      }
      if (!this.told) {
        this.told = true;
        this.listener.clipboardAway(reason);
      }
      pause = Date.now() - began > LIMITS.clipboardRetryLast ? LIMITS.clipboardRetryFirst : pause;
      await delay(pause, undefined, { signal: this.stop.signal, ref: false }).catch(() => undefined);
      pause = Math.min(2 * pause, LIMITS.clipboardRetryLast);
    }
  }

  /** One connection, until it fails. */
  private async read(): Promise<never> {
    const socket = await connectTo(this.console, LIMITS.reach);
    this.socket = socket;
    socket.on('error', () => socket.destroy());
    const giveUp = setTimeout(() => socket.destroy(), LIMITS.handshake).unref();
    const request = new DelayedRequest(socket);
    try {
      if (this.closed) {
        throw new RfbError('CLOSED');
      }
      const reader = new ByteReader(socket as AsyncIterable<Buffer>);
      await shakeHands(reader, (bytes) => socket.write(bytes), this.console.password);
      clearTimeout(giveUp);
      socket.setKeepAlive(true, LIMITS.clipboardRetryLast);
      socket.write(setEncodings());
      for (;;) {
        const { flags, body } = await nextClipboardMessage(reader);
        await this.heed(flags, body, socket, request);
      }
    } finally {
      clearTimeout(giveUp);
      request.cancel();
      socket.destroy();
    }
  }

  private async heed(flags: number, body: Buffer, socket: Socket, request: DelayedRequest): Promise<void> {
    if (flags & FLAG.CAPS) {
      socket.write(caps());
    } else if (flags & FLAG.PROVIDE && flags & FLAG.TEXT) {
      const text = await decodeProvided(body);
      if (text !== null && !this.closed) {
        this.listener.guestText(text);
      }
    } else if (flags & FLAG.NOTIFY && flags & FLAG.TEXT) {
      request.make();
    }
  }

  private get closed(): boolean {
    return this.stop.signal.aborted;
  }
}

/** Asks for text a moment after it was announced, once for all announcements of that moment: a guest may make many. */
class DelayedRequest {
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly socket: Socket) {}

  make(): void {
    this.timer ??= setTimeout(() => {
      this.timer = null;
      this.socket.write(requestText());
    }, LIMITS.clipboardPause).unref();
  }

  cancel(): void {
    clearTimeout(this.timer ?? undefined);
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof RfbError) {
    return error.message;
  }
  return error instanceof Error && 'code' in error ? String(error.code) : 'CONSOLE_GONE';
}

import { SessionClosing, sessionClosing } from '@beamdesk/contracts';
import { IncomingMessage, request } from 'node:http';
import { createInterface } from 'node:readline';
import { InternalAddress } from './settings';

const RETRY = 1_000;
/** The portal sends an empty line every 10 s. */
const SILENCE = 30_000;

/**
 * Listens to the portal for sessions of this bridge that have to end now: sign-out, Stop, expiry, a lost right. Always
 * comes back after a break; what was missed meanwhile, the next renewal says.
 */
export class Closings {
  private current: { destroy(): void } | null = null;
  private retry: NodeJS.Timeout | undefined;
  private stopped = false;
  private listening = false;

  constructor(
    private readonly address: InternalAddress,
    private readonly secret: string,
    private readonly bridge: string,
    private readonly onClosing: (closing: SessionClosing) => void,
  ) {}

  /** The portal is heard: without it no session could be opened either. */
  get connected(): boolean {
    return this.listening;
  }

  start(): void {
    const outgoing = request(
      {
        ...this.address,
        path: `/internal/closings?bridge=${encodeURIComponent(this.bridge)}`,
        headers: { authorization: `Bearer ${this.secret}` },
        timeout: SILENCE,
        agent: false,
      },
      (answer) => void this.read(answer).finally(() => outgoing.destroy()),
    );
    outgoing.on('timeout', () => outgoing.destroy());
    outgoing.on('error', () => undefined);
    outgoing.on('close', () => {
      this.listening = false;
      this.again();
    });
    outgoing.end();
    this.current = outgoing;
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.retry);
    this.current?.destroy();
  }

  private async read(answer: IncomingMessage): Promise<void> {
    if (answer.statusCode !== 200) {
      return;
    }
    this.listening = true;
    try {
      for await (const line of createInterface({ input: answer })) {
        this.take(line);
      }
    } catch {
      return;
    }
  }

  private take(line: string): void {
    if (line.trim() === '') {
      return;
    }
    try {
      this.onClosing(sessionClosing.parse(JSON.parse(line)));
    } catch {
      this.current?.destroy();
    }
  }

  private again(): void {
    if (!this.stopped) {
      this.retry = setTimeout(() => this.start(), RETRY);
    }
  }
}

import type { LineQuality } from '../remote-display/line-meter';
import { DisplayConnection, DisplayListener, DisplayRequest, RemoteDisplay } from '../remote-display/remote-display';

/** One connection of the ObedientDisplay: what was asked for and done, and the page's ear. */
export class ObedientConnection implements DisplayConnection {
  readonly done: string[] = [];
  line: LineQuality = { latencyMs: 23, framesPerSecond: 30, bytesPerSecond: 840_000 };

  constructor(
    readonly request: DisplayRequest,
    readonly listener: DisplayListener,
  ) {}

  fit(fit: string): void {
    this.done.push(`fit ${fit}`);
  }
  touch(mode: string): void {
    this.done.push(`touch ${mode}`);
  }
  resize(width: number, height: number): void {
    this.done.push(`resize ${width}x${height}`);
  }
  pressTogether(...keysyms: number[]): void {
    this.done.push(`press ${keysyms.map((keysym) => keysym.toString(16)).join(' ')}`);
  }
  sendClipboard(text: string): void {
    this.done.push(`clipboard ${text}`);
  }
  mute(muted: boolean): void {
    this.done.push(muted ? 'mute' : 'unmute');
  }
  focus(how: string): void {
    this.done.push(`focus ${how}`);
  }
  async screenshot(): Promise<Blob> {
    this.done.push('screenshot');
    return new Blob(['png'], { type: 'image/png' });
  }
  quality(): LineQuality {
    return this.line;
  }
  disconnect(): void {
    this.done.push('disconnect');
  }
}

/** A display without a wire: connects when asked and lets a test say what happens then. */
export class ObedientDisplay extends RemoteDisplay {
  readonly connections: ObedientConnection[] = [];

  get latest(): ObedientConnection {
    const connection = this.connections.at(-1);
    if (!connection) throw new Error('nothing has been connected');
    return connection;
  }

  override load(): Promise<void> {
    return Promise.resolve();
  }

  override async connect(
    _frame: HTMLElement,
    request: DisplayRequest,
    listener: DisplayListener,
  ): Promise<DisplayConnection> {
    const connection = new ObedientConnection(request, listener);
    this.connections.push(connection);
    return connection;
  }
}

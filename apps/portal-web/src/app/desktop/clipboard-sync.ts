import { DOCUMENT, Injectable, inject, signal } from '@angular/core';

/** What the browser lets this page do with the system's clipboard. */
export type ClipboardAccess =
  /** Read and written without asking. */
  | 'automatic'
  /** The browser would ask the person first. */
  | 'ask'
  /** Only by the panel and its text field. */
  | 'manual';

/**
 * The clipboard between this computer and the desktop: text only. Remembers what went which way, so that nothing is
 * sent back to where it came from.
 */
@Injectable()
export class ClipboardSync {
  private readonly document = inject(DOCUMENT);
  private readonly permission = signal<ClipboardAccess>('manual');
  private readonly fromDesktop = signal('');
  private readonly refused = signal(false);
  private known: string | undefined;

  readonly access = this.permission.asReadonly();
  /** What was copied in the desktop last. */
  readonly remoteText = this.fromDesktop.asReadonly();

  /** The browser did not take what was copied in the desktop: it waits in the panel. */
  readonly waiting = this.refused.asReadonly();

  constructor() {
    void this.watchPermission();
  }

  /** This text is on its way to the desktop by another way. */
  sent(text: string): void {
    this.known = text;
  }

  /** The system's clipboard, if the page may read it without asking and it holds something new for the desktop. */
  async pull(): Promise<string | null> {
    return this.permission() === 'automatic' ? this.read() : null;
  }

  /** As `pull`, letting the browser ask. To be called from a click. */
  async request(): Promise<string | null> {
    const text = await this.read();
    await this.watchPermission();
    return text;
  }

  /** Something was copied in the desktop: into the system's clipboard too, where that is allowed. */
  async push(text: string): Promise<void> {
    this.fromDesktop.set(text);
    this.known = text;
    this.refused.set(!(await this.write(text)));
  }

  /**
   * What was copied in the desktop, into the system's clipboard; false where the browser refuses even that. To be
   * called from a click, which is what most browsers ask for.
   */
  async take(): Promise<boolean> {
    const taken = await this.write(this.fromDesktop());
    if (taken) this.refused.set(false);
    return taken;
  }

  /**
   * The text a person sends from a field that showed the desktop's own: fields turn every line break into "\n", and a
   * text nobody edited shall go back as it came.
   */
  unchanged(text: string): string {
    const own = this.fromDesktop();
    return text === own.replace(/\r\n?/g, '\n') ? own : text;
  }

  private async write(text: string): Promise<boolean> {
    if (!this.clipboard) return false;
    return this.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
  }

  private async read(): Promise<string | null> {
    const text = await this.clipboard?.readText().catch(() => undefined);
    if (!text || text === this.known) return null;
    this.known = text;
    return text;
  }

  private async watchPermission(): Promise<void> {
    if (!this.clipboard) return;
    const { permissions } = this.document.defaultView?.navigator ?? {};
    // Only some browsers know this permission, and the type of its name is not in the standard's list.
    const status = await permissions?.query({ name: 'clipboard-read' as PermissionName }).catch(() => undefined);
    if (!status) return;
    const tell = () =>
      this.permission.set(status.state === 'granted' ? 'automatic' : status.state === 'prompt' ? 'ask' : 'manual');
    status.onchange = tell;
    tell();
  }

  /** Absent on pages that are not secure contexts. */
  private get clipboard(): Clipboard | undefined {
    return this.document.defaultView?.navigator.clipboard;
  }
}

import {
  DOCUMENT,
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  computed,
  effect,
  inject,
  input,
  signal,
  viewChild,
} from '@angular/core';
import { InstancesStore } from '../api/instances.store';
import { DesktopMessages } from '../resources/desktop-messages';
import { StopDesktop } from '../resources/stop-desktop';
import { PageTitle } from '../shell/page-title';
import { Toasts } from '../shell/toasts.store';
import { ClipboardPanel } from './clipboard-panel';
import { ClipboardSync } from './clipboard-sync';
import { DesktopToolbar } from './desktop-toolbar';
import { DesktopStore } from './desktop.store';
import { desktopView } from './desktop-view';
import { IdleNotice } from '../resources/idle-notice';
import { DiskNotice } from './disk-notice';
import { DesktopFiles } from './files/desktop-files';
import type { FilesBadge } from './files/desktop-files';
import { FullScreen } from './full-screen';
import { LinePanel } from './line-panel';
import { MatchWindow } from './match-window';
import { GuacamoleDisplay } from './remote-display/guacamole-display';
import { RemoteDisplay } from './remote-display/remote-display';
import { download, screenshotName } from './screenshot';
import { FailedState } from './states/failed-state';
import { LostState } from './states/lost-state';
import { PortalNote } from './states/portal-note';
import { ReconnectingState } from './states/reconnecting-state';
import { StartingState } from './states/starting-state';
import { StoppedState } from './states/stopped-state';

/** A desktop in the whole window. Leaving the page ends the connection, never the machine. */
@Component({
  selector: 'bd-desktop-page',
  imports: [
    ClipboardPanel,
    DesktopFiles,
    DesktopMessages,
    DesktopToolbar,
    DiskNotice,
    IdleNotice,
    FailedState,
    LinePanel,
    LostState,
    PortalNote,
    ReconnectingState,
    StartingState,
    StoppedState,
  ],
  providers: [
    DesktopStore,
    ClipboardSync,
    FullScreen,
    MatchWindow,
    { provide: RemoteDisplay, useClass: GuacamoleDisplay },
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './desktop-page.html',
  styleUrl: './desktop-page.scss',
  host: { '(window:focus)': 'store.shareClipboard()' },
})
export class DesktopPage {
  readonly instanceId = input.required<string>();

  protected readonly store = inject(DesktopStore);
  protected readonly stopDesktop = inject(StopDesktop);
  private readonly clipboard = inject(ClipboardSync);
  private readonly instances = inject(InstancesStore);
  private readonly screen = inject(FullScreen);
  private readonly toasts = inject(Toasts);
  private readonly document = inject(DOCUMENT);
  private readonly title = inject(PageTitle);
  private readonly frame = viewChild.required<ElementRef<HTMLElement>>('frame');
  private readonly toolbar = viewChild.required(DesktopToolbar);

  protected readonly launching = signal(false);
  /** What is open beside the picture; one thing at a time. */
  protected readonly panel = signal<'clipboard' | 'files' | 'line' | null>(null);
  protected readonly filesBadge = signal<FilesBadge>({ unfinished: 0, attention: false });
  protected readonly view = computed(() => desktopView(this.store));

  constructor() {
    effect(() => this.store.watch(this.instanceId()));
    effect(() => this.store.attach(this.frame().nativeElement));
    effect(() => this.title.set(this.store.lastKnown()?.proposalName ?? 'Desktop'));
    effect(() => this.store.escapes() > 0 && this.toolbar().focus());
    effect(() => this.store.status().kind === 'live' && this.takeFocus());
  }

  /** Stop, after a question; the page then follows the states that are pushed. */
  protected stop(): void {
    const instance = this.store.instance();
    if (instance) void this.stopDesktop.stop(instance);
  }

  /** Open, or Try again. */
  protected async launch(): Promise<void> {
    const instance = this.store.instance();
    if (!instance || this.launching()) return;
    this.launching.set(true);
    try {
      await this.instances.launch(instance.proposalKey);
    } catch (error) {
      this.toasts.error(error);
    } finally {
      this.launching.set(false);
    }
  }

  protected sendClipboard(text: string): void {
    this.store.sendClipboard(text);
    this.closePanel();
  }

  protected toggle(panel: 'clipboard' | 'files' | 'line'): void {
    this.panel.update((open) => (open === panel ? null : panel));
  }

  protected closePanel(): void {
    this.panel.set(null);
    this.store.focusDisplay();
  }

  protected async askForClipboard(): Promise<void> {
    const text = await this.clipboard.request();
    if (text !== null) this.store.sendClipboard(text);
  }

  protected async takeScreenshot(): Promise<void> {
    try {
      const picture = await this.store.screenshot();
      if (!picture) return;
      const name = screenshotName(this.store.lastKnown()?.proposalName ?? '', new Date());
      download(this.document, picture, name);
      this.toasts.info(`Screenshot saved as ${name}`);
    } catch (error) {
      this.toasts.error(error);
    } finally {
      this.store.focusDisplay();
    }
  }

  protected press(keysyms: readonly number[]): void {
    this.store.press(keysyms);
    this.store.focusDisplay();
  }

  protected async toggleFullScreen(): Promise<void> {
    const keyboardLocked = await this.screen.toggle();
    if (keyboardLocked) this.toasts.info('All keys go to the desktop now. To leave full screen, hold Esc.');
    this.store.focusDisplay();
  }

  /** The desktop gets the keyboard when it appears, unless the person is busy with something else on the page. */
  private takeFocus(): void {
    const { activeElement, body } = this.document;
    if (!activeElement || activeElement === body || activeElement.matches('h1, main') || this.inFrame(activeElement)) {
      this.store.focusDisplay('typing');
    }
  }

  private inFrame(element: Element): boolean {
    return this.frame().nativeElement.contains(element);
  }
}

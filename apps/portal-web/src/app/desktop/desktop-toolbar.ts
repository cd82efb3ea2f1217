import {
  DOCUMENT,
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  computed,
  inject,
  input,
  output,
  signal,
  viewChild,
} from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import type { InstanceView } from '@beamdesk/contracts';
import { Clock } from '../api/clock';
import { DesktopLife } from '../requests/desktop-life';
import { expiryWords } from '../resources/disk-words';
import { stateWords } from '../resources/state-words';
import { remaining } from '../shell/durations';
import { Icon } from '../shell/icon';
import { settled } from '../shell/settled';
import { ClipboardSync } from './clipboard-sync';
import { DesktopStatus } from './desktop-status';
import type { FilesBadge } from './files/desktop-files';
import { FullScreen } from './full-screen';
import { LineIndicator } from './line-indicator';
import { SoundButton } from './line-sound-button';
import { MatchWindow } from './match-window';
import { PictureMenu } from './picture-menu';
import { DisplayFit, TouchMode } from './remote-display/remote-display';
import { SpecialKeysMenu } from './special-keys-menu';

const STATUS_WORDS: Readonly<Record<Exclude<DesktopStatus['kind'], 'idle'>, string>> = {
  asking: 'Connecting',
  connecting: 'Connecting',
  live: 'Connected',
  reconnecting: 'Reconnecting',
  ended: 'Disconnected',
};
/** From here on the countdown is shown as a warning. */
const SOON_MS = 15 * 60_000;
/** A status that lasts shorter is seen, not read aloud. */
const SPOKEN_AFTER_MS = 800;

/**
 * The bar above the picture: what desktop this is, how long it lasts, and everything that is not for the machine
 * itself.
 */
@Component({
  selector: 'bd-desktop-toolbar',
  imports: [DesktopLife, Icon, LineIndicator, MatButton, PictureMenu, RouterLink, SoundButton, SpecialKeysMenu],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './desktop-toolbar.html',
  styleUrl: './desktop-toolbar.scss',
})
export class DesktopToolbar {
  readonly instance = input<InstanceView>();
  readonly status = input.required<DesktopStatus>();
  readonly fit = input.required<DisplayFit>();
  readonly touch = input.required<TouchMode>();
  readonly stopping = input(false);
  readonly clipboardOpen = input(false);
  readonly lineOpen = input(false);
  readonly filesOpen = input(false);
  readonly filesBadge = input<FilesBadge>();
  readonly fitChange = output<DisplayFit>();
  readonly touchChange = output<TouchMode>();
  readonly keys = output<readonly number[]>();
  readonly clipboard = output();
  readonly line = output();
  readonly files = output();
  readonly typing = output();
  readonly screenshot = output();
  readonly fullScreen = output();
  readonly stop = output();

  private readonly clock = inject(Clock);
  protected readonly clipboardSync = inject(ClipboardSync);
  protected readonly screen = inject(FullScreen);
  protected readonly match = inject(MatchWindow);
  private readonly toggle = viewChild.required<ElementRef<HTMLElement>>('toggle');

  /** On a telephone's screen the bar would take what the picture needs. */
  protected readonly collapsed = signal(
    inject(DOCUMENT).defaultView?.matchMedia?.('(max-width: 640px)').matches ?? false,
  );
  protected readonly live = computed(() => this.status().kind === 'live');
  protected readonly statusWords = computed(() => {
    const status = this.status();
    if (status.kind === 'idle') {
      const instance = this.instance();
      return instance ? `Desktop ${stateWords(instance)}` : 'Not connected';
    }
    return status.kind === 'live' && !status.stable ? 'Connection is slow' : STATUS_WORDS[status.kind];
  });
  /** Only the status is new to who hears it: what leads up to it is told by the panel over the picture. */
  protected readonly spoken = settled(this.statusWords, SPOKEN_AFTER_MS);
  protected readonly endWords = computed(() => {
    const plan = this.instance()?.plan;
    return plan ? expiryWords(plan) : 'Then the desktop is stopped';
  });
  protected readonly left = computed(() => {
    const expiresAt = this.instance()?.expiresAt;
    return expiresAt ? Date.parse(expiresAt) - this.clock.now() : null;
  });
  protected readonly endsIn = computed(() => remaining(this.left() ?? 0));
  protected readonly endsSoon = computed(() => (this.left() ?? Infinity) < SOON_MS);

  /** Where Ctrl+Alt+Shift leads: the bar opens and its first button has the focus. */
  focus(): void {
    this.collapsed.set(false);
    this.toggle().nativeElement.focus();
  }
}

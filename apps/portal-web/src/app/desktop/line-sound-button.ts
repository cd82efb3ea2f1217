import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { DesktopStore } from './desktop.store';

/** Mutes the desktop; there only once it has made a sound. */
@Component({
  selector: 'bd-sound-button',
  imports: [MatButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (sound.present()) {
      <button
        matButton
        type="button"
        [attr.aria-pressed]="sound.muted()"
        title="Silence the desktop here; it plays on"
        (click)="sound.toggle()"
      >
        Mute
      </button>
    }
  `,
})
export class SoundButton {
  protected readonly sound = inject(DesktopStore).sound;
}

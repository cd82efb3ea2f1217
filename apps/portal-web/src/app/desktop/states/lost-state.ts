import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { EndReason } from '../ending';
import { StatePanel } from './state-panel';

interface Words {
  readonly heading: string;
  readonly text: string;
  /** Connecting again may help. */
  readonly again?: boolean;
}

const WORDS: Readonly<Record<EndReason, Words>> = {
  closed: {
    heading: 'The connection was closed',
    text: 'The desktop ended the connection. If the machine still runs, you can connect again.',
    again: true,
  },
  stopped: {
    heading: 'The desktop was stopped',
    text: 'Its machine is switched off. Your data and your scratch folder are kept.',
  },
  forbidden: {
    heading: 'You may no longer use this desktop',
    text: 'Your right to it ended, for instance because you are no longer a member of the proposal.',
  },
  'signed-out': {
    heading: 'You are signed out',
    text: 'Sign in again to come back to your desktop. It keeps running.',
  },
  gone: {
    heading: 'There is no such desktop',
    text: 'It was stopped and thrown away, or it is not yours. Start a new one from the proposal.',
  },
  refused: {
    heading: 'The connection was refused',
    text: 'The portal did not accept what this page sent. Reload the page; if it stays, tell the facility.',
    again: true,
  },
};

/** The page will not come back by itself: why, and what to do. */
@Component({
  selector: 'bd-lost-state',
  imports: [MatButton, StatePanel],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <bd-state-panel [heading]="words().heading" icon="offline" tone="error">
      <p>{{ message() ?? words().text }}</p>
      @if (words().again) {
        <button action matButton="filled" type="button" (click)="again.emit()">Connect again</button>
      }
    </bd-state-panel>
  `,
})
export class LostState {
  readonly reason = input.required<EndReason>();
  readonly message = input<string>();
  readonly again = output();
  protected readonly words = computed(() => WORDS[this.reason()]);
}

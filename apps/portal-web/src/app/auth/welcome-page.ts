import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { SessionStore } from '../api/session.store';
import { Icon } from '../shell/icon';
import { IconName } from '../shell/icon-paths';
import { DemoAccounts } from './demo-accounts';
import { SignInButtons } from './sign-in-buttons';

const STEPS: readonly { icon: IconName; title: string; text: string }[] = [
  { icon: 'person', title: 'Sign in', text: 'With the account you already have; your proposals are found by it.' },
  { icon: 'desktop', title: 'Click Desktop', text: 'A machine with the software of your beamline starts in seconds.' },
  { icon: 'data', title: 'Your data are there', text: 'Mounted read-only, with a scratch folder that outlives the desktop.' },
];

/** What this is, for those who come for the first time, and the way in for everyone else. */
@Component({
  selector: 'bd-welcome-page',
  imports: [Icon, SignInButtons, DemoAccounts],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './welcome-page.html',
  styleUrl: './welcome-page.scss',
})
export class WelcomePage {
  protected readonly session = inject(SessionStore);
  protected readonly steps = STEPS;
}

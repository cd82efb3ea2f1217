import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { SessionStore } from '../api/session.store';
import { Contact } from '../shell/contact';
import { Icon } from '../shell/icon';
import { DemoAccounts } from './demo-accounts';
import { returnPath } from './guards';
import { SignInButtons } from './sign-in-buttons';
import { signInError } from './sign-in-errors';

/** Choose the way in; says what went wrong when the last attempt did (`?error=CODE`). */
@Component({
  selector: 'bd-sign-in-page',
  imports: [Contact, DemoAccounts, Icon, SignInButtons],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section class="bd-page bd-narrow">
      <div class="bd-card box">
        <h1 tabindex="-1">Sign in</h1>
        @if (explanation(); as text) {
          <p class="error" role="alert"><bd-icon name="alert" />{{ text }}</p>
        }
        <p class="bd-lead">After the sign-in you come back to where you were heading.</p>
        <bd-sign-in-buttons [returnTo]="target()" />
        @if (session.facility().contact; as contact) {
          <p class="help">Trouble signing in? Ask <bd-contact [address]="contact" />.</p>
        }
      </div>
      @if (session.session()?.demo) {
        <bd-demo-accounts />
      }
    </section>
  `,
  styles: `
    .box {
      margin: 24px 0 16px;
      padding: clamp(18px, 5vw, 28px);
    }
    .error {
      display: flex;
      gap: 10px;
      align-items: baseline;
      margin: 14px 0;
      padding: 12px 14px;
      border: 1px solid var(--bd-warn-line);
      border-radius: 10px;
      background: var(--bd-warn-wash);
    }
    bd-sign-in-buttons {
      margin: 22px 0 20px;
    }
    .help {
      margin: 0;
      color: var(--bd-muted);
      font-size: 0.88rem;
    }
  `,
})
export class SignInPage {
  readonly error = input<string>();
  readonly returnTo = input<string>();

  protected readonly session = inject(SessionStore);
  protected readonly explanation = computed(() => signInError(this.error()));
  protected readonly target = computed(() => returnPath(this.returnTo() ?? null));
}

import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { Router } from '@angular/router';
import { SessionStore } from '../api/session.store';
import { Contact } from '../shell/contact';
import { Toasts } from '../shell/toasts.store';
import { SignOut } from './sign-out';

/** Signed in, but let into nothing: says so, and whom to ask. */
@Component({
  selector: 'bd-not-authorised-page',
  imports: [Contact, MatButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section class="bd-page bd-narrow">
      <div class="bd-card box">
        <h1 tabindex="-1">You are signed in, but not authorised yet</h1>
        <p>
          Signing in shows who you are{{ name() ? ': ' + name() : '' }}. To see proposals and start desktops, the facility
          must also have authorised this account, and it has not, or no longer.
        </p>
        <p>
          @if (session.facility().contact; as contact) {
            Ask <strong><bd-contact [address]="contact" /></strong>
          } @else {
            Ask the user office
          }
          to authorise it, and name the account you signed in with{{ mail() ? ' (' + mail() + ')' : '' }}. If you have
          another account at {{ session.facility().name || 'the facility' }}, sign out and use that one.
        </p>
        <div class="actions">
          <button matButton="filled" type="button" [disabled]="checking()" (click)="check()">
            {{ checking() ? 'Looking …' : 'Look again' }}
          </button>
          <button matButton="outlined" type="button" [disabled]="account.busy()" (click)="account.signOut()">Sign out</button>
        </div>
      </div>
    </section>
  `,
  styles: `
    .box {
      margin-top: 24px;
      padding: clamp(18px, 5vw, 28px);
    }
    p {
      max-width: 66ch;
      margin: 14px 0 0;
    }
    .actions {
      display: flex;
      flex-wrap: wrap;
      gap: 12px;
      margin-top: 22px;
    }
  `,
})
export class NotAuthorisedPage {
  private readonly router = inject(Router);
  private readonly toasts = inject(Toasts);
  protected readonly session = inject(SessionStore);
  protected readonly account = inject(SignOut);
  protected readonly checking = signal(false);
  protected readonly name = computed(() => this.session.user()?.name);
  protected readonly mail = computed(() => this.session.user()?.email);

  /** The facility may have authorised the account in the meantime. */
  protected async check(): Promise<void> {
    this.checking.set(true);
    try {
      await this.session.reload();
      if (this.session.authorised()) await this.router.navigateByUrl('/proposals');
      else this.toasts.info('Still not authorised.');
    } catch (error) {
      this.toasts.error(error);
    } finally {
      this.checking.set(false);
    }
  }
}

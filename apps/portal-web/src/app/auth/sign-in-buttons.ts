import { ChangeDetectionStrategy, Component, inject, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { SessionStore } from '../api/session.store';
import { signInUrl } from '../api/session.api';
import { Icon } from '../shell/icon';

/** One way in per provider. Plain links where signing in leaves the portal; accounts with a password have a page here. */
@Component({
  selector: 'bd-sign-in-buttons',
  imports: [MatButton, Icon, RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @for (provider of session.providers(); track provider.id) {
      @if (provider.kind === 'password') {
        <a matButton="tonal" routerLink="/sign-in/password" [queryParams]="{ provider: provider.id, returnTo: returnTo() }"
          ><bd-icon matButtonIcon name="person" />Sign in with {{ provider.label }}</a
        >
      } @else {
        <a matButton="filled" [href]="url(provider.id)"
          ><bd-icon matButtonIcon name="person" />Sign in with {{ provider.label }}</a
        >
      }
    } @empty {
      <p>No way to sign in is set up. Please tell the facility.</p>
    }
  `,
  styles: `
    :host {
      display: flex;
      flex-wrap: wrap;
      gap: 12px;
    }
    a {
      height: auto;
      min-height: 46px;
      padding-block: 8px;
      --mat-button-filled-container-height: 46px;
      --mat-button-tonal-container-height: 46px;
      --mat-button-tonal-label-text-size: 0.98rem;
      --mat-button-filled-label-text-size: 0.98rem;
    }
    @media (max-width: 480px) {
      a {
        width: 100%;
      }
    }
  `,
})
export class SignInButtons {
  /** Path of this portal to come back to. */
  readonly returnTo = input.required<string>();
  protected readonly session = inject(SessionStore);

  protected url(provider: string): string {
    return signInUrl(provider, this.returnTo());
  }
}

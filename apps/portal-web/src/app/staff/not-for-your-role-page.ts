import { ChangeDetectionStrategy, Component } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';

/** At the address of a staff page, for everybody else. */
@Component({
  selector: 'bd-not-for-your-role-page',
  imports: [MatButton, RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section class="bd-page bd-narrow">
      <h1 tabindex="-1">This page is for the staff</h1>
      <p class="bd-lead">
        Your account does not have the role for it. If you need it for your work, ask an administrator of the portal;
        everything of your own proposals is where it was.
      </p>
      <a matButton="filled" routerLink="/proposals">To the proposals</a>
    </section>
  `,
  styles: `
    a {
      margin-top: 20px;
    }
  `,
})
export class NotForYourRolePage {}

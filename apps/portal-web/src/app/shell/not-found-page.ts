import { ChangeDetectionStrategy, Component } from '@angular/core';
import { RouterLink } from '@angular/router';

@Component({
  selector: 'bd-not-found-page',
  imports: [RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section class="bd-page bd-narrow">
      <h1 tabindex="-1">There is nothing at this address</h1>
      <p>The link may be old or mistyped. Your proposals and desktops are where they were.</p>
      <p><a routerLink="/proposals">Go to your proposals</a></p>
    </section>
  `,
})
export class NotFoundPage {}

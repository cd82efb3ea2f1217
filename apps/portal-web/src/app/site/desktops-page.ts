import { ChangeDetectionStrategy, Component } from '@angular/core';
import { SiteTabs } from './site-tabs';

/** Desktops of everybody. For STAFF, of their beamlines, SUPPORT and ADMIN. */
@Component({
  selector: 'bd-desktops-page',
  imports: [SiteTabs],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section class="bd-page">
      <bd-site-tabs />
      <h1 tabindex="-1">Desktops</h1>
      <p class="bd-lead">The desktops of the site are not listed here yet.</p>
    </section>
  `,
})
export class DesktopsPage {}

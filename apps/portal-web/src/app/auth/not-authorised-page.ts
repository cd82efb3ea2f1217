import { ChangeDetectionStrategy, Component } from '@angular/core';

@Component({
  selector: 'bd-not-authorised-page',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<h1 tabindex="-1">Not authorised</h1>`,
})
export class NotAuthorisedPage {}

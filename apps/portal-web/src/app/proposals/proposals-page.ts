import { ChangeDetectionStrategy, Component } from '@angular/core';

@Component({
  selector: 'bd-proposals-page',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<h1 tabindex="-1">Proposals</h1>`,
})
export class ProposalsPage {}

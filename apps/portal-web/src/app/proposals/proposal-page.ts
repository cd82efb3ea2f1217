import { ChangeDetectionStrategy, Component } from '@angular/core';

@Component({
  selector: 'bd-proposal-page',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<h1 tabindex="-1">Proposal</h1>`,
})
export class ProposalPage {}

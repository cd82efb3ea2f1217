import { ChangeDetectionStrategy, Component } from '@angular/core';

@Component({
  selector: 'bd-quotas-page',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<h1 tabindex="-1">Quotas</h1>`,
})
export class QuotasPage {}

import { ChangeDetectionStrategy, Component } from '@angular/core';

@Component({
  selector: 'bd-conditions-page',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<h1 tabindex="-1">Conditions of Usage</h1>`,
})
export class ConditionsPage {}

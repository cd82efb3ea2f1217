import { ChangeDetectionStrategy, Component } from '@angular/core';

@Component({
  selector: 'bd-resources-page',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<h1 tabindex="-1">Resources</h1>`,
})
export class ResourcesPage {}

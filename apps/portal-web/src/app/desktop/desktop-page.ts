import { ChangeDetectionStrategy, Component, input } from '@angular/core';

@Component({
  selector: 'bd-desktop-page',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<h1 tabindex="-1">Desktop</h1>`,
})
export class DesktopPage {
  readonly instanceId = input.required<string>();
}

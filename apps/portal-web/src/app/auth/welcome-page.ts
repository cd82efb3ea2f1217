import { ChangeDetectionStrategy, Component } from '@angular/core';

@Component({
  selector: 'bd-welcome-page',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<h1 tabindex="-1">Welcome</h1>`,
})
export class WelcomePage {}

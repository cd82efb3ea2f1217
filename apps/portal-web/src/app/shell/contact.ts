import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';

/** Whom to ask: a link where the facility gave a mail address or a web address, plain words otherwise. */
@Component({
  selector: 'bd-contact',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `@if (link(); as href) {<a [href]="href">{{ address() }}</a>} @else {{{ address() }}}`,
  styles: `
    a {
      color: inherit;
    }
  `,
})
export class Contact {
  readonly address = input.required<string>();
  protected readonly link = computed(() => {
    const address = this.address().trim();
    if (/^https?:\/\/\S+$/.test(address)) return address;
    return /^[^\s@]+@[^\s@]+$/.test(address) ? `mailto:${address}` : undefined;
  });
}

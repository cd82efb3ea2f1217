import { ChangeDetectionStrategy, Component, computed, input, signal } from '@angular/core';

/** So many are shown at once. */
const FEW = 8;

/** Names of groups, the first of them until the rest is asked for. */
@Component({
  selector: 'bd-group-names',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @for (name of shown(); track name) {
      <span class="bd-chip">{{ name }}</span>
    }
    @if (hidden() > 0) {
      <button type="button" (click)="all.set(true)">and {{ hidden() }} more</button>
    }
  `,
  styles: `
    :host {
      display: flex;
      flex-wrap: wrap;
      gap: 4px 6px;
    }
    .bd-chip {
      max-width: 100%;
      overflow-wrap: anywhere;
    }
    button {
      border: 0;
      color: var(--mat-sys-primary);
      background: none;
      font: inherit;
      text-decoration: underline;
      cursor: pointer;
    }
  `,
})
export class GroupNames {
  readonly names = input.required<readonly string[]>();
  protected readonly all = signal(false);
  protected readonly shown = computed(() => (this.all() ? this.names() : this.names().slice(0, FEW)));
  protected readonly hidden = computed(() => this.names().length - this.shown().length);
}

import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { InstanceView } from '@beamdesk/contracts';
import { stateTone, stateWords } from './state-words';

/** The state of a desktop as a coloured word. */
@Component({
  selector: 'bd-state-badge',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<span [class]="tone()">{{ words() }}</span>`,
  styles: `
    span {
      display: inline-block;
      padding: 2px 12px;
      border-radius: 99px;
      font-size: 0.8rem;
      font-weight: 600;
    }
    span::first-letter {
      text-transform: uppercase;
    }
    .ready {
      color: var(--bd-ok);
      background: var(--bd-ok-wash);
    }
    .busy {
      color: var(--bd-busy);
      background: var(--bd-busy-wash);
    }
    .quiet {
      color: var(--bd-muted);
      background: var(--bd-quiet);
    }
    .error {
      color: var(--mat-sys-error);
      background: var(--bd-error-wash);
    }
  `,
})
export class StateBadge {
  readonly instance = input.required<InstanceView>();
  protected readonly tone = computed(() => stateTone(this.instance()));
  protected readonly words = computed(() => stateWords(this.instance()));
}

import { ChangeDetectionStrategy, Component, input } from '@angular/core';

/** In place of a list that is not there yet. */
@Component({
  selector: 'bd-list-wait',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="bd-card wait" role="status">
      <span class="bd-sr-only">Loading the {{ what() }}</span>
      <i class="bd-skeleton"></i><i class="bd-skeleton"></i><i class="bd-skeleton"></i>
    </div>
    @if (slow()) {
      <p class="slow" role="status">This takes longer than usual. Still waiting …</p>
    }
  `,
  styles: `
    .wait {
      display: grid;
      gap: 12px;
      margin-top: 24px;
      padding: 28px 24px;
    }
    .wait i {
      width: 60%;
      height: 16px;
    }
    .slow {
      color: var(--bd-warn);
    }
  `,
})
export class ListWait {
  /** As the heading names it, in the plural. */
  readonly what = input.required<string>();
  readonly slow = input.required<boolean>();
}

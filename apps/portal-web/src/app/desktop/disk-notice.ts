import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { InstanceView } from '@beamdesk/contracts';
import { diskNotice } from '../resources/disk-words';
import { Icon } from '../shell/icon';
import { looksOn } from './looks-on';
import { ReadNotices } from './read-notices';

/** Before somebody works in a desktop: what becomes of its disk. Stays until it is dismissed, once per desktop. */
@Component({
  selector: 'bd-disk-notice',
  imports: [Icon, MatButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (shown()) {
      <div class="notice" role="note" aria-label="About this desktop's disk">
        <bd-icon name="info" />
        <p>{{ text() }}</p>
        <button matButton type="button" (click)="read.add(instance().id)">Understood</button>
      </div>
    }
  `,
  styles: `
    .notice {
      display: flex;
      gap: 10px;
      align-items: center;
      min-height: 36px;
      padding: 0 8px 0 14px;
      color: var(--bd-busy);
      background: var(--bd-busy-wash);
      font-size: 0.86rem;
      line-height: 1.35;
    }
    p {
      flex: 1;
      margin: 4px 0;
    }
    button {
      flex: none;
    }
  `,
})
export class DiskNotice {
  readonly instance = input.required<InstanceView>();

  protected readonly read = inject(ReadNotices);
  protected readonly text = computed(() => diskNotice(this.instance().plan));
  /** Those who only look on, or help, have nothing to lose there. */
  protected readonly shown = computed(() => {
    const instance = this.instance();
    return !looksOn(instance) && !this.read.has(instance.id);
  });
}

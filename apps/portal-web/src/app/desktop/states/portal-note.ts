import { ChangeDetectionStrategy, Component, computed, effect, inject, signal } from '@angular/core';
import { InstancesStore } from '../../api/instances.store';
import { DesktopStore } from '../desktop.store';

/** A shorter silence, as a restart of the portal's brings, is nobody's business. */
const PATIENCE_MS = 5_000;

/** Says quietly, over a picture that lives, that the portal behind it is away for the moment; gone when it is back. */
@Component({
  selector: 'bd-portal-note',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div role="status">
      @if (shown()) {
        <p>The portal does not answer at the moment; your desktop goes on.</p>
      }
    </div>
  `,
  styles: `
    :host {
      position: absolute;
      bottom: 12px;
      left: 50%;
      translate: -50%;
      pointer-events: none;
    }
    p {
      margin: 0;
      padding: 6px 16px;
      border-radius: 99px;
      color: var(--bd-busy);
      background: var(--bd-busy-wash);
    }
  `,
})
export class PortalNote {
  private readonly instances = inject(InstancesStore);
  private readonly desktop = inject(DesktopStore);
  /** With a picture that stands still it is the line, and the toolbar says so. */
  private readonly away = computed(() => {
    const status = this.desktop.status();
    return this.instances.connection() === 'lost' && status.kind === 'live' && status.stable;
  });
  protected readonly shown = signal(false);

  constructor() {
    effect((onCleanup) => {
      if (!this.away()) {
        this.shown.set(false);
        return;
      }
      const timer = setTimeout(() => this.shown.set(true), PATIENCE_MS);
      onCleanup(() => clearTimeout(timer));
    });
  }
}

import { ChangeDetectionStrategy, Component, effect, inject, signal } from '@angular/core';
import { EventsClient } from '../api/events.client';
import { Icon } from './icon';

/** A short interruption is nobody's business. */
const PATIENCE_MS = 2500;

/** Says quietly that live updates are interrupted, and offers to connect at once; gone when they are back. */
@Component({
  selector: 'bd-connection-note',
  imports: [Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <span role="status">
      @if (shown()) {
        <span class="note">
          <bd-icon name="offline" /><span class="words">No live updates, reconnecting …</span>
          <button type="button" (click)="events.reconnectNow()">Retry</button>
        </span>
      }
    </span>
  `,
  styles: `
    .note {
      display: flex;
      gap: 8px;
      align-items: center;
      padding: 3px 6px 3px 12px;
      border-radius: 99px;
      color: var(--bd-warn);
      background: var(--bd-warn-wash);
      font-size: 0.82rem;
      white-space: nowrap;
    }
    button {
      padding: 4px 8px;
      border: 0;
      border-radius: 99px;
      color: inherit;
      background: none;
      font: inherit;
      font-weight: 620;
      text-decoration: underline;
      cursor: pointer;
    }
    @media (max-width: 1000px) {
      .words {
        position: absolute;
        width: 1px;
        overflow: hidden;
        clip-path: inset(50%);
        white-space: nowrap;
      }
    }
  `,
})
export class ConnectionNote {
  protected readonly events = inject(EventsClient);
  protected readonly shown = signal(false);

  constructor() {
    effect((onCleanup) => {
      if (this.events.connection() !== 'lost') {
        this.shown.set(false);
        return;
      }
      const timer = setTimeout(() => this.shown.set(true), PATIENCE_MS);
      onCleanup(() => clearTimeout(timer));
    });
  }
}

import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import type { AnnouncementView } from '@beamdesk/contracts';
import { AnnouncementsStore } from '../api/announcements.store';
import { Clock } from '../api/clock';
import { Icon } from './icon';
import { MomentPipe } from './time.pipes';

/** What the facility announces, above every page; what is only worth knowing can be put away until it changes. */
@Component({
  selector: 'bd-announcement-banner',
  imports: [Icon, MomentPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div role="status">
      @for (one of shown(); track one.id) {
        <div class="one" [class]="one.kind">
          <bd-icon [name]="one.kind === 'info' ? 'info' : 'alert'" />
          <p>
            @if (one.kind === 'maintenance') {
              <strong>{{ running(one) ? 'Maintenance' : 'Maintenance ahead' }}</strong>
              @if (!running(one)) {
                from {{ one.startsAt | bdMoment }}
              }
              @if (one.endsAt; as end) {
                until {{ end | bdMoment }}
              }
              · no new desktops, those that run go on ·
            }
            <span class="text">{{ one.text }}</span>
          </p>
          @if (one.kind === 'info') {
            <button type="button" [attr.aria-label]="'Put away: ' + one.text" (click)="putAway(one)">
              <bd-icon name="close" />
            </button>
          }
        </div>
      }
    </div>
  `,
  styles: `
    .one {
      display: flex;
      gap: 12px;
      align-items: flex-start;
      padding: 10px max(16px, calc((100vw - 1072px) / 2));
      border-bottom: 1px solid var(--bd-line);
      background: var(--bd-quiet);
    }
    .warning,
    .maintenance {
      color: var(--bd-warn);
      background: var(--bd-warn-wash);
    }
    bd-icon {
      flex: none;
      margin-top: 2px;
      font-size: 1.15rem;
    }
    p {
      flex: 1;
      margin: 0;
      overflow-wrap: anywhere;
    }
    .text {
      white-space: pre-line;
    }
    button {
      display: grid;
      flex: none;
      place-items: center;
      width: 32px;
      height: 32px;
      margin: -4px 0;
      border: 0;
      border-radius: 50%;
      color: inherit;
      background: none;
      cursor: pointer;
    }
    button:hover {
      background: var(--bd-line);
    }
  `,
})
export class AnnouncementBanner {
  private readonly store = inject(AnnouncementsStore);
  private readonly clock = inject(Clock);
  /** With their text: one that was changed is worth another look. */
  private readonly away = signal<ReadonlySet<string>>(new Set());
  protected readonly shown = computed(() => this.store.items().filter((one) => !this.away().has(key(one))));

  protected running({ startsAt }: AnnouncementView): boolean {
    return Date.parse(startsAt) <= this.clock.now();
  }

  protected putAway(one: AnnouncementView): void {
    this.away.update((away) => new Set([...away, key(one)]));
  }
}

const key = ({ id, text }: AnnouncementView): string => `${id} ${text}`;

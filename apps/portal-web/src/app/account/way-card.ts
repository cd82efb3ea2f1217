import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { LinkedBy, SignInWay } from '@beamdesk/contracts';
import { DayPipe, MomentPipe } from '../shell/time.pipes';
import { GroupNames } from './group-names';

const BY: Readonly<Record<LinkedBy, string>> = {
  'sign-in': 'your first sign-in',
  person: 'added by you',
  administrator: 'added by the staff',
};

/** One way to sign in: who one is there, since when it is one's own, when it was used, and how to give it up. */
@Component({
  selector: 'bd-way-card',
  imports: [DayPipe, GroupNames, MatButton, MomentPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <article class="bd-card" [attr.aria-label]="way().label">
      <div class="top">
        <h3>{{ way().label }}</h3>
        @if (way().present) {
          <span class="bd-chip">Signed in with this now</span>
        }
      </div>
      <dl>
        <div>
          <dt>Name there</dt>
          <dd>{{ way().name ?? 'not known before the first sign-in' }}</dd>
        </div>
        <div>
          <dt>Login</dt>
          <dd>
            <code>{{ way().subject }}</code>
          </dd>
        </div>
        <div>
          <dt>Since</dt>
          <dd>{{ way().since | bdDay }}, {{ by() }}</dd>
        </div>
        <div>
          <dt>Last used</dt>
          <dd>
            @if (way().lastUsedAt; as at) {
              {{ at | bdMoment }}
            } @else {
              never
            }
          </dd>
        </div>
        @if (way().groups.length > 0) {
          <div>
            <dt>Groups there</dt>
            <dd><bd-group-names [names]="way().groups" /></dd>
          </div>
        }
      </dl>
      @if (single()) {
        <p class="why">The only way you sign in cannot be removed.</p>
      } @else if (way().present) {
        <p class="why">To remove it, sign in another way first.</p>
      } @else if (!locked()) {
        <button
          matButton="outlined"
          type="button"
          [attr.aria-label]="'Remove ' + way().label"
          [disabled]="busy()"
          (click)="removed.emit()"
        >
          Remove
        </button>
      }
    </article>
  `,
  styleUrl: './way-card.scss',
})
export class WayCard {
  readonly way = input.required<SignInWay>();
  /** There is no other. */
  readonly single = input.required<boolean>();
  /** Nothing may be changed before signing in again. */
  readonly locked = input.required<boolean>();
  readonly busy = input(false);
  readonly removed = output();

  protected readonly by = computed(() => BY[this.way().linkedBy]);
}

import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import type { CatalogueAccountView, SignInWay } from '@beamdesk/contracts';
import { DayPipe } from '../shell/time.pipes';
import { GroupNames } from './group-names';

/** How the catalogues know the person, by what, and what their other ways would have given. */
@Component({
  selector: 'bd-catalogue-accounts',
  imports: [DayPipe, GroupNames],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section aria-labelledby="catalogues-title">
      <h2 id="catalogues-title">Known to the catalogues as</h2>
      @for (account of accounts(); track account.catalogue) {
        <article class="bd-card" [attr.aria-label]="account.catalogue">
          <h3>{{ account.catalogue }}</h3>
          <dl>
            <div>
              <dt>Name</dt>
              <dd>
                <code>{{ account.name }}</code>
              </dd>
            </div>
            <div>
              <dt>Groups</dt>
              <dd>
                @if (account.groups.length > 0) {
                  <bd-group-names [names]="account.groups" />
                } @else {
                  none
                }
              </dd>
            </div>
            <div>
              <dt>Linked by</dt>
              <dd>{{ by(account) }}</dd>
            </div>
            <div>
              <dt>Since</dt>
              <dd>{{ account.since | bdDay }}</dd>
            </div>
          </dl>
          @for (other of account.unused; track other.wayId) {
            <p class="why">
              {{ label(other.wayId) }} would make you <code>{{ other.name }}</code> there. You are one account in each
              catalogue, and this one has been yours for longer.
            </p>
          }
        </article>
      } @empty {
        <p class="bd-muted">
          No catalogue knows you by the ways you sign in. If your proposals are missing, add the login the facility
          knows.
        </p>
      }
    </section>
  `,
  styleUrl: './way-card.scss',
  styles: `
    section {
      margin-top: 34px;
    }
    article {
      margin-top: 12px;
    }
  `,
})
export class CatalogueAccounts {
  readonly accounts = input.required<readonly CatalogueAccountView[]>();
  readonly ways = input.required<readonly SignInWay[]>();

  protected label(wayId: string | null): string {
    return this.ways().find(({ id }) => id === wayId)?.label ?? 'Another way';
  }

  protected by({ linkedBy, wayId }: CatalogueAccountView): string {
    if (linkedBy === 'person') return 'your own sign-in there';
    return linkedBy === 'rule' ? `a rule of the facility, from ${this.label(wayId)}` : `the facility (${linkedBy})`;
  }
}

import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import type { QuotaSubjectKind, QuotasPage, QuotasQuery } from '@beamdesk/contracts';
import { QuotasApi } from '../../api/quotas.api';
import { SessionStore } from '../../api/session.store';
import { createWatchedList } from '../../api/watched-list';
import { SubjectFigures } from '../../quotas/subject-figures';
import { Icon } from '../../shell/icon';
import { Problem } from '../../shell/problem';
import { ListPager } from '../../staff/list-pager';
import { ListWait } from '../../staff/list-wait';
import { Which } from '../../staff/which';
import { SiteTabs } from '../site-tabs';

const PER_PAGE = 20;
const KINDS: readonly { id: QuotaSubjectKind; label: string }[] = [
  { id: 'user', label: 'People' },
  { id: 'proposal', label: 'Proposals' },
  { id: 'beamline', label: 'Beamlines' },
  { id: 'site', label: 'Whole site' },
];

/** Limits of people, proposals, beamlines and the site, with what is used of them. For STAFF, of what they may see, and ADMIN. */
@Component({
  selector: 'bd-limits-page',
  imports: [Icon, ListPager, ListWait, MatButton, Problem, RouterLink, SiteTabs, SubjectFigures, Which],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './limits-page.html',
  styleUrls: ['../../staff/people-page.scss', './quotas.scss'],
})
export class LimitsPage {
  private readonly api = inject(QuotasApi);
  private readonly session = inject(SessionStore);
  protected readonly watched = createWatchedList<QuotasQuery, QuotasPage>(
    { kind: 'user', q: '', offset: 0, limit: PER_PAGE },
    (query) => this.api.page(query),
  );
  protected readonly kinds = computed(() => KINDS.filter(({ id }) => id !== 'site' || this.session.admin()));
  protected readonly before = computed(() => this.watched.query().offset > 0);
  protected readonly after = computed(
    () => this.watched.query().offset + PER_PAGE < (this.watched.page()?.total ?? 0),
  );
  protected readonly summary = computed(() => {
    const { items = [], total = 0 } = this.watched.page() ?? {};
    const { kind, q, offset } = this.watched.query();
    const found = q ? ` for “${q}”` : '';
    if (total === 0 && kind === 'proposal' && !q) return 'No proposal has a desktop or limits of its own. Search for others.';
    if (total === 0) return `Nothing${found || ' here'}.`;
    return `${offset + 1}–${offset + items.length} of ${total}${found}.`;
  });

  protected ask(change: Partial<Pick<QuotasQuery, 'kind' | 'q'>>): void {
    this.watched.show({ ...this.watched.query(), ...change, offset: 0 });
  }

  protected turn(pages: 1 | -1): void {
    const offset = Math.max(0, this.watched.query().offset + pages * PER_PAGE);
    this.watched.show({ ...this.watched.query(), offset });
  }
}

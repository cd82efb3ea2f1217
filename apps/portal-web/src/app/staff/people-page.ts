import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import type { HeldRole, PeopleQuery, PersonForStaff } from '@beamdesk/contracts';
import { firstValueFrom } from 'rxjs';
import { Icon } from '../shell/icon';
import { Problem } from '../shell/problem';
import { Toasts } from '../shell/toasts.store';
import { ListPager } from './list-pager';
import { ListWait } from './list-wait';
import { PeopleTabs } from './people-tabs';
import { PeopleStore } from './people.store';
import { PersonCard } from './person-card';
import { RoleDialog, RoleOutcome, RoleQuestion } from './role-dialog';
import { Which } from './which';

const SHOWN: readonly { id: PeopleQuery['show']; label: string }[] = [
  { id: 'authorised', label: 'Authorised' },
  { id: 'ended', label: 'No longer' },
  { id: 'all', label: 'Everybody' },
];

/** Who is let in, by what, until when; grants, changes and takes back. For STAFF, of whom they may see, and ADMIN. */
@Component({
  selector: 'bd-people-page',
  imports: [Icon, ListPager, ListWait, MatButton, PeopleTabs, PersonCard, Problem, Which],
  providers: [PeopleStore],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './people-page.html',
  styleUrl: './people-page.scss',
})
export class PeoplePage {
  private readonly dialog = inject(MatDialog);
  private readonly toasts = inject(Toasts);
  protected readonly store = inject(PeopleStore);
  protected readonly shown = SHOWN;

  protected readonly summary = computed(() => {
    const page = this.store.page();
    if (!page) return '';
    const { show, search, offset } = this.store.query();
    const found = search ? ` for “${search}”` : '';
    if (page.total === 0) return `Nobody${found || (show === 'authorised' ? ' is authorised' : ' here')}.`;
    if (page.total <= page.items.length) return page.total === 1 ? `One person${found}.` : `${page.total} people${found}.`;
    return `${offset + 1}–${offset + page.items.length} of ${page.total} people${found}.`;
  });

  protected async decide(way: RoleQuestion['way'], person: PersonForStaff, role: HeldRole | null): Promise<void> {
    const { roles = [], beamlines = [] } = this.store.page() ?? {};
    const dialog = this.dialog.open<RoleDialog, RoleQuestion, RoleOutcome>(RoleDialog, {
      data: { way, person, role, roles, beamlines },
      width: '520px',
      autoFocus: 'first-tabbable',
    });
    const outcome = await firstValueFrom(dialog.afterClosed());
    if (outcome === undefined) return;
    if (outcome !== 'gone') this.toasts.info(outcome);
    this.store.load();
  }
}

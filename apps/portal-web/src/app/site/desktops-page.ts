import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import type { DesktopAction } from '@beamdesk/contracts';
import { firstValueFrom } from 'rxjs';
import { SessionStore } from '../api/session.store';
import { Icon } from '../shell/icon';
import { Problem } from '../shell/problem';
import { Toasts } from '../shell/toasts.store';
import { ListPager } from '../staff/list-pager';
import { ListWait } from '../staff/list-wait';
import { Which } from '../staff/which';
import { ActionDialog, ActionQuestion } from './action-dialog';
import { fileOf, type Picked } from './desktop-query';
import { figureList, stateChoices } from './desktop-words';
import { DesktopsStore } from './desktops.store';
import { DesktopsTable } from './desktops-table';
import { SiteTabs } from './site-tabs';

const DONE: Record<DesktopAction['action'], [one: string, many: string]> = {
  stop: ['One desktop is being stopped.', 'desktops are being stopped.'],
  extend: ['One desktop ends later.', 'desktops end later.'],
  message: ['One message sent.', 'messages sent.'],
};

/** Desktops of everybody, and what is done about them. For STAFF, of their beamlines, SUPPORT, who looks on, and ADMIN. */
@Component({
  selector: 'bd-desktops-page',
  imports: [DesktopsTable, Icon, ListPager, ListWait, MatButton, Problem, SiteTabs, Which],
  providers: [DesktopsStore],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './desktops-page.html',
  styleUrl: './desktops-page.scss',
})
export class DesktopsPage {
  private readonly dialog = inject(MatDialog);
  private readonly toasts = inject(Toasts);
  protected readonly session = inject(SessionStore);
  protected readonly store = inject(DesktopsStore);
  protected readonly figures = figureList;

  protected readonly lead = computed(() =>
    this.session.admin()
      ? 'All desktops of the site, as they stand now.'
      : 'The desktops that you may see, as they stand now.',
  );
  protected readonly states = computed(() => stateChoices(this.store.known()?.figures));
  protected readonly file = computed(() => fileOf(this.store.query()));
  protected readonly narrowed = computed(() => {
    const { q, state, beamline, proposal, plan, image, host, owner } = this.store.query();
    return [q || undefined, state, beamline, proposal, plan, image, host, owner].some((one) => one !== undefined);
  });
  protected readonly pickers = computed(() => {
    const { beamlines = [], plans = [], images = [], hosts = [] } = this.store.known()?.choices ?? {};
    const bare = (ids: readonly string[]) => ids.map((id) => ({ id, name: id }));
    const all: { name: Picked; label: string; choices: readonly { id: string; name: string }[] }[] = [
      { name: 'beamline', label: 'Beamline', choices: beamlines },
      { name: 'plan', label: 'Plan', choices: plans },
      { name: 'image', label: 'Image', choices: bare(images) },
      { name: 'host', label: 'Host', choices: bare(hosts) },
    ];
    return all.filter(({ name, choices }) => choices.length > 1 || this.store.query()[name] !== undefined);
  });
  protected readonly summary = computed(() => {
    const page = this.store.page();
    if (!page) return '';
    const { offset } = this.store.query();
    if (page.total === 0) return this.narrowed() ? 'No desktop like that.' : 'No desktop now.';
    if (page.total <= page.items.length) return page.total === 1 ? 'One desktop.' : `${page.total} desktops.`;
    return `${offset + 1}–${offset + page.items.length} of ${page.total} desktops.`;
  });

  protected pick(name: Picked, value: string): void {
    this.store.ask({ [name]: value === '' ? undefined : value });
  }

  protected clear(): void {
    const none = {
      beamline: undefined,
      plan: undefined,
      image: undefined,
      host: undefined,
      owner: undefined,
      proposal: undefined,
    };
    this.store.ask({ ...none, state: undefined, q: '' });
  }

  protected async act(action: DesktopAction['action']): Promise<void> {
    const desktops = this.store.selected();
    const dialog = this.dialog.open<ActionDialog, ActionQuestion, number>(ActionDialog, {
      data: { action, desktops, send: (wish) => this.store.act(wish, desktops) },
      width: '520px',
      autoFocus: 'first-tabbable',
    });
    const done = await firstValueFrom(dialog.afterClosed());
    if (!done) return;
    const [one, many] = DONE[action];
    this.toasts.info(done === 1 ? one : `${done} ${many}`);
  }
}

import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import type { KeptAnnouncementView } from '@beamdesk/contracts';
import { firstValueFrom } from 'rxjs';
import { AnnouncementsApi } from '../../api/announcements.api';
import { createWatchedList } from '../../api/watched-list';
import { StopDialog, StopQuestion } from '../../resources/stop-dialog';
import { Problem } from '../../shell/problem';
import { MomentPipe } from '../../shell/time.pipes';
import { Toasts } from '../../shell/toasts.store';
import { ListWait } from '../../staff/list-wait';
import { SiteTabs } from '../site-tabs';
import { AnnouncementDialog } from './announcement-dialog';
import { KIND_WORDS, STATE_WORDS } from './announcement-words';

/** What everybody is told, maintenance among it: made, changed and ended by ADMIN. */
@Component({
  selector: 'bd-announcements-page',
  imports: [ListWait, MatButton, MomentPipe, Problem, SiteTabs],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './announcements-page.html',
  styleUrl: '../../staff/invitations-page.scss',
})
export class AnnouncementsPage {
  private readonly api = inject(AnnouncementsApi);
  private readonly dialog = inject(MatDialog);
  private readonly toasts = inject(Toasts);
  protected readonly list = createWatchedList({}, () => this.api.latest());
  protected readonly kinds = KIND_WORDS;
  protected readonly states = STATE_WORDS;
  protected readonly summary = computed(() => {
    const shown = this.list.page()?.items.filter(({ state }) => state === 'shown').length ?? 0;
    if (shown === 0) return 'Nothing is shown at the moment.';
    return shown === 1 ? 'One is shown at the moment.' : `${shown} are shown at the moment.`;
  });

  protected async write(present: KeptAnnouncementView | null): Promise<void> {
    const options = { data: present, width: '560px', autoFocus: 'first-tabbable' };
    const dialog = this.dialog.open<AnnouncementDialog, KeptAnnouncementView | null, boolean>(AnnouncementDialog, options);
    if (!(await firstValueFrom(dialog.afterClosed()))) return;
    this.toasts.info(present ? 'The announcement is changed.' : 'It is announced.');
    this.list.load();
  }

  protected async end({ id, kind, text }: KeptAnnouncementView): Promise<void> {
    const what = kind === 'maintenance' ? 'Desktops can be started again from then on.' : 'Nobody sees it from then on.';
    const data: StopQuestion = {
      ...{ title: 'End this announcement?', consequences: [text, what] },
      ...{ confirm: 'End it', refuse: 'Keep it' },
    };
    const dialog = this.dialog.open<StopDialog, StopQuestion, boolean>(StopDialog, { data, width: '480px' });
    if (!(await firstValueFrom(dialog.afterClosed()))) return;
    try {
      await firstValueFrom(this.api.end(id), { defaultValue: undefined });
      this.toasts.info('The announcement is ended.');
    } catch (error) {
      this.toasts.error(error);
    }
    this.list.load();
  }
}

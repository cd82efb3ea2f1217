import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import {
  MAT_DIALOG_DATA,
  MatDialogActions,
  MatDialogClose,
  MatDialogContent,
  MatDialogRef,
  MatDialogTitle,
} from '@angular/material/dialog';
import type { KeptAnnouncementView } from '@beamdesk/contracts';
import { firstValueFrom } from 'rxjs';
import { AnnouncementsApi } from '../../api/announcements.api';
import { messageOf } from '../../api/api-error';
import { Clock } from '../../api/clock';
import { UserMessage } from '../../api/user-message';
import { AnnouncementFields, announcementWish, KIND_WORDS, localTime } from './announcement-words';

const HOUR_MS = 3_600_000;
const AHEAD = [
  { hours: 0, label: 'from its start' },
  { hours: 24, label: 'a day before' },
  { hours: 72, label: 'three days before' },
  { hours: 168, label: 'a week before' },
] as const;

/** Makes an announcement, or changes the one that it is opened with. Closes with true when it is done. */
@Component({
  selector: 'bd-announcement-dialog',
  imports: [MatButton, MatDialogActions, MatDialogClose, MatDialogContent, MatDialogTitle],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './announcement-dialog.html',
  styleUrl: '../../staff/form.scss',
})
export class AnnouncementDialog {
  private readonly api = inject(AnnouncementsApi);
  private readonly ref = inject<MatDialogRef<AnnouncementDialog, boolean>>(MatDialogRef);
  private readonly clock = inject(Clock);
  protected readonly present = inject<KeptAnnouncementView | null>(MAT_DIALOG_DATA);
  protected readonly kinds = Object.entries(KIND_WORDS).map(([id, label]) => ({ id, label }));
  protected readonly kind = signal(this.present?.kind ?? 'info');
  protected readonly ahead = choices(this.present);
  protected readonly startsAt = this.present ? localTime(this.present.startsAt) : '';
  protected readonly endsAt = this.present?.endsAt ? localTime(this.present.endsAt) : '';
  protected readonly sending = signal(false);
  protected readonly lacks = signal('');
  protected readonly problem = signal<UserMessage | undefined>(undefined);

  protected async send(fields: AnnouncementFields): Promise<void> {
    const wish = announcementWish(fields, this.clock.now());
    if (typeof wish === 'string') return this.lacks.set(wish);
    this.lacks.set('');
    this.problem.set(undefined);
    this.sending.set(true);
    try {
      await firstValueFrom(this.present ? this.api.change(this.present.id, wish) : this.api.make(wish));
      this.ref.close(true);
    } catch (error) {
      this.problem.set(messageOf(error));
    } finally {
      this.sending.set(false);
    }
  }
}

/** The usual ones, and what an announcement has that was made otherwise. */
function choices(present: KeptAnnouncementView | null): { hours: number; label: string; chosen: boolean }[] {
  const hours = present ? (Date.parse(present.startsAt) - Date.parse(present.shownFrom)) / HOUR_MS : 0;
  const known = AHEAD.some((one) => one.hours === hours);
  const all = known ? [...AHEAD] : [...AHEAD, { hours, label: `${Math.round(hours)} hours before` }];
  return all.map((one) => ({ ...one, chosen: one.hours === hours }));
}

import { ChangeDetectionStrategy, Component, ElementRef, computed, inject, signal, viewChild } from '@angular/core';
import { MatButton } from '@angular/material/button';
import {
  MAT_DIALOG_DATA,
  MatDialogActions,
  MatDialogContent,
  MatDialogRef,
  MatDialogTitle,
} from '@angular/material/dialog';
import type { InvitationWish, MadeInvitation, Role } from '@beamdesk/contracts';
import { firstValueFrom } from 'rxjs';
import { messageOf } from '../api/api-error';
import { Clock } from '../api/clock';
import { InvitationsApi } from '../api/invitations.api';
import { UserMessage } from '../api/user-message';
import { MomentPipe } from '../shell/time.pipes';
import { endOfDay, inDays, tomorrow } from './decision-words';
import { RoleFields } from './role-fields';

/** What may be offered. */
export interface InviteQuestion {
  readonly roles: readonly Role[];
  readonly beamlines: readonly { id: string; name: string }[];
  /** The portal can send the link. */
  readonly mail: boolean;
}

/** As the api asks for it. */
const REASON_MIN = 3;
const MAX_DAYS = 90;
/** Unless somebody chooses otherwise. */
const USUAL_DAYS = 14;

/** Makes an invitation, then shows its link, which nobody sees again. */
@Component({
  selector: 'bd-invite-dialog',
  imports: [MatButton, MatDialogActions, MatDialogContent, MatDialogTitle, MomentPipe, RoleFields],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './invite-dialog.html',
  styleUrls: ['./form.scss', './invite-dialog.scss'],
  host: { '(keydown.escape)': 'leave()' },
})
export class InviteDialog {
  private readonly api = inject(InvitationsApi);
  private readonly ref = inject<MatDialogRef<InviteDialog>>(MatDialogRef);
  private readonly now = inject(Clock).now();
  private readonly fields = viewChild(RoleFields);
  private readonly link = viewChild<ElementRef<HTMLInputElement>>('link');
  protected readonly question = inject<InviteQuestion>(MAT_DIALOG_DATA);
  protected readonly earliest = tomorrow(this.now);
  protected readonly latest = inDays(this.now, MAX_DAYS - 1);
  protected readonly usual = inDays(this.now, USUAL_DAYS);
  protected readonly sending = signal(false);
  protected readonly lacks = signal('');
  protected readonly problem = signal<UserMessage | undefined>(undefined);
  protected readonly made = signal<MadeInvitation | undefined>(undefined);
  protected readonly copied = signal<'no' | 'yes' | 'failed'>('no');
  protected readonly told = computed(
    () => ({ no: '', yes: 'Copied.', failed: 'Copy it by hand: the browser did not allow it.' })[this.copied()],
  );

  protected async send(name: string, email: string, redeemDay: string, reason: string, byMail: boolean): Promise<void> {
    const wish = this.wish(name.trim(), email.trim(), redeemDay, reason.trim(), byMail);
    if (typeof wish === 'string') return this.lacks.set(wish);
    this.lacks.set('');
    this.problem.set(undefined);
    this.sending.set(true);
    try {
      this.made.set(await firstValueFrom(this.api.make(wish)));
    } catch (error) {
      this.problem.set(messageOf(error));
    } finally {
      this.sending.set(false);
    }
  }

  protected async copy(link: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(link);
      this.copied.set('yes');
    } catch {
      this.link()?.nativeElement.select();
      this.copied.set('failed');
    }
  }

  /** Not while the link is on its way, and not by the Escape key once it is there. */
  protected leave(): void {
    if (!this.sending() && !this.made()) this.ref.close();
  }

  protected done(): void {
    this.ref.close();
  }

  /** A string says what is lacking. */
  private wish(
    name: string,
    email: string,
    redeemDay: string,
    reason: string,
    byMail: boolean,
  ): InvitationWish | string {
    const role = this.fields()?.value() ?? '';
    if (name === '') return 'Say for whom it is.';
    if (byMail && !email.includes('@')) return 'Say to which address the link goes.';
    if (typeof role === 'string') return role;
    const redeemBy = endOfDay(redeemDay);
    if (!(Date.parse(redeemBy) > this.now) || redeemDay > this.latest) {
      return `It can be accepted until a day in the next ${MAX_DAYS} days.`;
    }
    if (role.until !== null && role.until < redeemBy) return 'The role would end before it has to be accepted.';
    if (reason.length < REASON_MIN) return 'Say why: the person reads it.';
    return { name, email: email || null, byMail, ...role, redeemBy, reason };
  }
}

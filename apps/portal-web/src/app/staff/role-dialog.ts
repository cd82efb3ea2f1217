import { ChangeDetectionStrategy, Component, inject, signal, viewChild } from '@angular/core';
import { MatButton } from '@angular/material/button';
import {
  MAT_DIALOG_DATA,
  MatDialogActions,
  MatDialogContent,
  MatDialogRef,
  MatDialogTitle,
} from '@angular/material/dialog';
import type { HeldRole, PersonForStaff, Role } from '@beamdesk/contracts';
import { Observable, firstValueFrom } from 'rxjs';
import { ApiError, messageOf } from '../api/api-error';
import { PeopleApi } from '../api/people.api';
import { UserMessage } from '../api/user-message';
import { ROLE_NAMES } from './decision-words';
import { RoleFields } from './role-fields';

/** What is to be done about which person; `role`: theirs that is changed or taken back. */
export interface RoleQuestion {
  readonly way: 'grant' | 'change' | 'end';
  readonly person: PersonForStaff;
  readonly role: HeldRole | null;
  /** That may be granted. */
  readonly roles: readonly Role[];
  readonly beamlines: readonly { id: string; name: string }[];
}

/** What to tell once it is done. `gone`: the list is out of date. Closed without either: nothing was done. */
export type RoleOutcome = string;

/** As the api asks for it. */
const REASON_MIN = 3;

/** Grants a role, gives one another end, or takes it back, with a reason; stays open with what does not work. */
@Component({
  selector: 'bd-role-dialog',
  imports: [MatButton, MatDialogActions, MatDialogContent, MatDialogTitle, RoleFields],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './role-dialog.html',
  styleUrl: './form.scss',
})
export class RoleDialog {
  private readonly api = inject(PeopleApi);
  private readonly ref = inject<MatDialogRef<RoleDialog, RoleOutcome>>(MatDialogRef);
  private readonly fields = viewChild(RoleFields);
  protected readonly question = inject<RoleQuestion>(MAT_DIALOG_DATA);
  protected readonly held = this.question.role;
  protected readonly name = this.question.person.name;
  protected readonly roleName = this.held ? ROLE_NAMES[this.held.role] : '';
  /** Nothing else would let them in. */
  protected readonly last = this.question.person.roles.filter(({ state }) => state === 'current').length < 2;
  protected readonly sending = signal(false);
  protected readonly lacks = signal('');
  protected readonly problem = signal<UserMessage | undefined>(undefined);
  /** What was to be changed does not count any longer. */
  protected readonly gone = signal(false);
  protected readonly titles = {
    grant: `Grant ${this.name} a role`,
    change: `Change ${this.roleName} of ${this.name}`,
    end: `Take ${this.roleName} back from ${this.name}?`,
  };
  protected readonly does = { grant: 'Grant', change: 'Change', end: 'Take back' };

  protected async send(reason: string): Promise<void> {
    const work = this.work(reason.trim());
    if (typeof work === 'string') return this.lacks.set(work);
    this.lacks.set('');
    this.problem.set(undefined);
    this.sending.set(true);
    try {
      await firstValueFrom(work.request, { defaultValue: undefined });
      this.ref.close(work.done);
    } catch (error) {
      this.problem.set(messageOf(error));
      this.gone.set(error instanceof ApiError && error.status === 404);
    } finally {
      this.sending.set(false);
    }
  }

  protected leave(): void {
    this.ref.close(this.gone() ? 'gone' : undefined);
  }

  /** A string says what is lacking. */
  private work(reason: string): { request: Observable<void>; done: string } | string {
    const { person, way } = this.question;
    const fields = this.fields()?.value();
    if (typeof fields === 'string') return fields;
    if (reason.length < REASON_MIN) return way === 'end' ? 'Say why: the person reads it.' : 'Say why, for those who come after you.';
    if (fields && way === 'grant') {
      const done = `${this.name} is ${ROLE_NAMES[fields.role]} now.`;
      return { request: this.api.grant(person.id, { ...fields, reason }), done };
    }
    const id = this.held?.id ?? '';
    if (!fields) return { request: this.api.end(id, reason), done: `${this.roleName} was taken back from ${this.name}.` };
    const { until, beamlines } = fields;
    return { request: this.api.change(id, { until, beamlines, reason }), done: `${this.roleName} of ${this.name} was changed.` };
  }
}

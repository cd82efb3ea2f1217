import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import {
  MAT_DIALOG_DATA,
  MatDialogActions,
  MatDialogContent,
  MatDialogRef,
  MatDialogTitle,
} from '@angular/material/dialog';
import type { DesktopAction, MonitoredDesktop } from '@beamdesk/contracts';
import { messageOf } from '../api/api-error';
import { UserMessage } from '../api/user-message';

/** What is about to be done, with which desktops. */
export interface ActionQuestion {
  readonly action: DesktopAction['action'];
  readonly desktops: readonly MonitoredDesktop[];
  /** Rejects with an `ApiError`. */
  readonly send: (action: DesktopAction) => Promise<number>;
}

const WORDS = {
  stop: {
    title: 'Stop',
    confirm: 'Stop',
    label: 'Why? The owner reads it',
    lacks: 'Say why, in three letters or more: the owner reads it.',
  },
  extend: { title: 'Extend', confirm: 'Extend', label: 'For how much longer', lacks: '' },
  message: { title: 'Write to the owners of', confirm: 'Send', label: 'Message', lacks: 'Write something first.' },
} as const;
const MOST = { stop: 400, extend: 0, message: 500 } as const;
const LENGTHS = [
  { minutes: 60, label: '1 hour' },
  { minutes: 240, label: '4 hours' },
  { minutes: 480, label: '8 hours' },
  { minutes: 1440, label: '1 day' },
  { minutes: 4320, label: '3 days' },
  { minutes: 10_080, label: '1 week' },
] as const;

/** Asks what has to be known, and does it; stays open with the reason when nothing was done. Closes with how many it was done for. */
@Component({
  selector: 'bd-action-dialog',
  imports: [MatButton, MatDialogActions, MatDialogContent, MatDialogTitle],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <h2 mat-dialog-title>{{ words.title }} {{ which }}?</h2>
    <mat-dialog-content>
      <form id="action" novalidate (submit)="$event.preventDefault(); send(field.value.trim())">
        @if (question.action === 'stop') {
          <p>
            What is not saved in them is lost; where the plan keeps the disk, it is kept.
            @if (connected > 0) {
              <strong>{{ connected === 1 ? 'Somebody is' : connected + ' sessions are' }} connected now.</strong>
            }
          </p>
        }
        @if (question.desktops.length > 1) {
          <details>
            <summary>Which ones</summary>
            <ul>
              @for (desktop of question.desktops; track desktop.id) {
                <li>{{ desktop.owner.name }}, {{ desktop.proposalName }}</li>
              }
            </ul>
          </details>
        }
        <label>
          <span>{{ words.label }}</span>
          @if (question.action === 'extend') {
            <select #select name="minutes" (change)="minutes.set(+select.value)">
              @for (length of lengths; track length.minutes) {
                <option [value]="length.minutes" [selected]="length.minutes === minutes()">{{ length.label }}</option>
              }
            </select>
          }
          <textarea
            #field
            name="text"
            rows="4"
            aria-describedby="action-lacks"
            [hidden]="question.action === 'extend'"
            [attr.maxlength]="most"
          ></textarea>
        </label>
        @if (question.action === 'message') {
          <p class="hint">
            Shown at once on the page of the desktop and under Resources, until the owner dismisses it.
          </p>
        }
        <p id="action-lacks" class="lacks" role="alert">{{ lacks() }}</p>
        @if (problem(); as problem) {
          <p class="lacks" role="alert">
            <strong>{{ problem.title }}.</strong> {{ problem.text }}
          </p>
        }
      </form>
    </mat-dialog-content>
    <mat-dialog-actions align="end">
      <button matButton type="button" (click)="ref.close()">Cancel</button>
      <button
        matButton="filled"
        type="submit"
        form="action"
        [class.danger]="question.action === 'stop'"
        [disabled]="sending()"
      >
        {{ sending() ? 'Sending …' : words.confirm }}
      </button>
    </mat-dialog-actions>
  `,
  styleUrl: '../staff/form.scss',
})
export class ActionDialog {
  protected readonly ref = inject<MatDialogRef<ActionDialog, number>>(MatDialogRef);
  protected readonly question = inject<ActionQuestion>(MAT_DIALOG_DATA);
  protected readonly words = WORDS[this.question.action];
  protected readonly most = MOST[this.question.action] || null;
  protected readonly lengths = LENGTHS;
  protected readonly minutes = signal(240);
  protected readonly sending = signal(false);
  protected readonly lacks = signal('');
  protected readonly problem = signal<UserMessage | undefined>(undefined);
  protected readonly which = whichOf(this.question.desktops);
  protected readonly connected = this.question.desktops.reduce((sum, { sessions }) => sum + sessions, 0);

  protected async send(text: string): Promise<void> {
    if (this.sending()) return;
    const ids = this.question.desktops.map(({ id }) => id);
    const { action } = this.question;
    const short = action === 'stop' ? text.length < 3 : action === 'message' && text === '';
    this.lacks.set(short ? this.words.lacks : '');
    if (short) return;
    this.problem.set(undefined);
    this.sending.set(true);
    try {
      const wish: DesktopAction =
        action === 'stop'
          ? { action, ids, reason: text }
          : action === 'message'
            ? { action, ids, text }
            : { action, ids, minutes: this.minutes() };
      this.ref.close(await this.question.send(wish));
    } catch (error) {
      this.problem.set(messageOf(error));
    } finally {
      this.sending.set(false);
    }
  }
}

function whichOf(desktops: readonly MonitoredDesktop[]): string {
  const [one] = desktops;
  return one && desktops.length === 1
    ? `the desktop of ${one.owner.name} (${one.proposalName})`
    : `${desktops.length} desktops`;
}

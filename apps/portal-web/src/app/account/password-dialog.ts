import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import {
  MAT_DIALOG_DATA,
  MatDialogActions,
  MatDialogContent,
  MatDialogRef,
  MatDialogTitle,
} from '@angular/material/dialog';
import type { PasswordSignIn } from '@beamdesk/contracts';
import { messageOf } from '../api/api-error';
import { UserMessage } from '../api/user-message';

/** What the dialog asks for, and what is done with it. */
export interface PasswordQuestion {
  readonly title: string;
  readonly lead: string;
  readonly confirm: string;
  /** Id of the provider whose accounts they are. */
  readonly provider: string;
  /** Known already. */
  readonly name?: string;
  /** @throws ApiError, which the dialog shows */
  readonly send: (given: PasswordSignIn) => Promise<void>;
}

const USED_ONCE: UserMessage = {
  title: 'This password is for one use',
  text: 'Sign in with that account once and choose a password of its own; then add it here.',
  code: 'PASSWORD_CHANGE_NEEDED',
  details: {},
};

/** Asks for name and password of an account; closes with true when they were right, and stays open with the reason when not. */
@Component({
  selector: 'bd-password-dialog',
  imports: [MatButton, MatDialogActions, MatDialogContent, MatDialogTitle],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './password-dialog.html',
  styleUrl: './password-dialog.scss',
})
export class PasswordDialog {
  private readonly ref = inject<MatDialogRef<PasswordDialog, boolean>>(MatDialogRef);
  protected readonly question = inject<PasswordQuestion>(MAT_DIALOG_DATA);
  protected readonly busy = signal(false);
  protected readonly problem = signal<UserMessage | undefined>(undefined);

  protected async send(name: string, password: string): Promise<void> {
    if (this.busy()) return;
    this.busy.set(true);
    this.problem.set(undefined);
    try {
      await this.question.send({ provider: this.question.provider, name, password });
      this.ref.close(true);
    } catch (error) {
      const message = messageOf(error);
      this.problem.set(message.code === USED_ONCE.code ? USED_ONCE : message);
    } finally {
      this.busy.set(false);
    }
  }

  protected leave(): void {
    this.ref.close(false);
  }
}

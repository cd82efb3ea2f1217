import { signal } from '@angular/core';
import { MatDialogRef } from '@angular/material/dialog';
import { Observable, firstValueFrom } from 'rxjs';
import { messageOf } from '../api/api-error';
import { UserMessage } from '../api/user-message';

/** What every dialog does that sends a form: says what is lacking, sends, stays open with the reason where it is refused. */
export class Saving {
  readonly sending = signal(false);
  readonly lacks = signal('');
  readonly problem = signal<UserMessage | undefined>(undefined);

  constructor(private readonly ref: MatDialogRef<unknown, boolean>) {}

  /** `wish`: what is to be sent; a string says what is lacking. Closes with true once it is done. */
  async save<T extends object>(wish: T | string, send: (wish: T) => Observable<unknown>): Promise<void> {
    this.lacks.set(typeof wish === 'string' ? wish : '');
    this.problem.set(undefined);
    if (typeof wish === 'string') return;
    this.sending.set(true);
    try {
      await firstValueFrom(send(wish), { defaultValue: undefined });
      this.ref.close(true);
    } catch (error) {
      this.problem.set(messageOf(error));
    } finally {
      this.sending.set(false);
    }
  }

  leave(): void {
    this.ref.close(false);
  }
}

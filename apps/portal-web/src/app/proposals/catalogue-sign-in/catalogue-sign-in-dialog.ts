import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import {
  MAT_DIALOG_DATA,
  MatDialogActions,
  MatDialogContent,
  MatDialogRef,
  MatDialogTitle,
} from '@angular/material/dialog';
import { firstValueFrom } from 'rxjs';
import { messageOf } from '../../api/api-error';
import { CatalogueSessionsApi } from '../../api/catalogue-sessions.api';
import { createLoader } from '../../api/loader';
import { UserMessage } from '../../api/user-message';
import { Problem } from '../../shell/problem';
import { autocompleteOf, fieldLabel } from './field-words';

/** Asks for what a catalogue's own authenticators ask for; closes with true when the catalogue let the person in. */
@Component({
  selector: 'bd-catalogue-sign-in-dialog',
  imports: [MatButton, MatDialogActions, MatDialogContent, MatDialogTitle, Problem],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './catalogue-sign-in-dialog.html',
  styleUrl: './catalogue-sign-in-dialog.scss',
})
export class CatalogueSignInDialog {
  private readonly api = inject(CatalogueSessionsApi);
  private readonly ref = inject<MatDialogRef<CatalogueSignInDialog, boolean>>(MatDialogRef);
  protected readonly catalogue = inject<string>(MAT_DIALOG_DATA);
  protected readonly ways = createLoader(() => this.api.list());
  protected readonly busy = signal(false);
  protected readonly problem = signal<UserMessage | undefined>(undefined);
  protected readonly label = fieldLabel;
  protected readonly autocomplete = autocompleteOf;

  private readonly wanted = signal<string | undefined>(undefined);
  protected readonly known = computed(() =>
    this.ways.value()?.catalogues.find(({ catalogue }) => catalogue === this.catalogue),
  );
  protected readonly authenticators = computed(() => this.known()?.authenticators ?? []);
  protected readonly chosen = computed(
    () => this.authenticators().find(({ id }) => id === this.wanted()) ?? this.authenticators()[0],
  );

  constructor() {
    this.ways.load(undefined);
  }

  protected choose(id: string): void {
    this.wanted.set(id);
    this.problem.set(undefined);
  }

  protected async send(form: HTMLFormElement): Promise<void> {
    const { chosen, catalogue } = this;
    const authenticator = chosen();
    if (this.busy() || !authenticator) return;
    const typed = new FormData(form);
    const fields = Object.fromEntries(authenticator.fields.map(({ name }) => [name, String(typed.get(name) ?? '')]));
    this.busy.set(true);
    this.problem.set(undefined);
    try {
      await firstValueFrom(this.api.signIn({ catalogue, authenticator: authenticator.id, fields }), {
        defaultValue: undefined,
      });
      this.ref.close(true);
    } catch (error) {
      this.problem.set(messageOf(error));
    } finally {
      this.busy.set(false);
    }
  }

  protected leave(): void {
    this.ref.close(false);
  }
}

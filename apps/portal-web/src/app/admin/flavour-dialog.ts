import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogActions, MatDialogContent, MatDialogRef, MatDialogTitle } from '@angular/material/dialog';
import type { FlavourChange, FlavourView, NewFlavour } from '@beamdesk/contracts';
import { PlansApi } from '../api/plans.api';
import { textOf, wholeOf } from './form-values';
import { Saving } from './save-dialog';

/** Makes or changes a flavour (data: the one to change, null: a new one); closes with true once that is done. */
@Component({
  selector: 'bd-flavour-dialog',
  imports: [MatButton, MatDialogActions, MatDialogContent, MatDialogTitle],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <h2 mat-dialog-title>{{ flavour ? 'Change ' + flavour.id : 'Make a flavour' }}</h2>
    <mat-dialog-content>
      <form #form id="flavour" novalidate (submit)="$event.preventDefault(); send(form)">
        @if (!flavour) {
          <label>
            <span>Id, never changed</span>
            <input name="id" type="text" autocomplete="off" spellcheck="false" maxlength="63" aria-describedby="flavour-lacks" />
          </label>
        }
        <div class="pair">
          <label>
            <span>vCPUs</span>
            <input name="vcpus" type="number" min="1" max="1024" [value]="flavour?.vcpus ?? 2" />
          </label>
          <label>
            <span>Memory in MiB</span>
            <input name="memoryMib" type="number" min="1" [value]="flavour?.memoryMib ?? 4096" />
          </label>
          <label>
            <span>Disk in MiB</span>
            <input name="diskMib" type="number" min="1" [value]="flavour?.diskMib ?? 20480" />
          </label>
          <label>
            <span>GPUs</span>
            <input name="gpus" type="number" min="0" max="16" [value]="flavour?.gpus ?? 0" />
          </label>
        </div>
        <p id="flavour-lacks" class="lacks" role="alert">{{ saving.lacks() }}</p>
        @if (saving.problem(); as problem) {
          <p class="lacks" role="alert"><strong>{{ problem.title }}.</strong> {{ problem.text }}</p>
        }
      </form>
    </mat-dialog-content>
    <mat-dialog-actions align="end">
      <button matButton type="button" (click)="saving.leave()">Cancel</button>
      <button matButton="filled" type="submit" form="flavour" [disabled]="saving.sending()">
        {{ saving.sending() ? 'Saving …' : flavour ? 'Save' : 'Make it' }}
      </button>
    </mat-dialog-actions>
  `,
  styleUrl: '../staff/form.scss',
})
export class FlavourDialog {
  private readonly api = inject(PlansApi);
  protected readonly flavour = inject<FlavourView | null>(MAT_DIALOG_DATA);
  protected readonly saving = new Saving(inject<MatDialogRef<FlavourDialog, boolean>>(MatDialogRef));

  protected send(form: HTMLFormElement): void {
    const [fields, { flavour }] = [new FormData(form), this];
    if (flavour) void this.saving.save(sizesOf(fields), (change) => this.api.changeFlavour(flavour.id, change));
    else void this.saving.save(newFlavourOf(fields), (wish) => this.api.makeFlavour(wish));
  }
}

function sizesOf(form: FormData): Required<FlavourChange> | string {
  const [vcpus, memoryMib, diskMib, gpus] = ['vcpus', 'memoryMib', 'diskMib', 'gpus'].map((name) => wholeOf(form, name) ?? Number.NaN);
  if (!(vcpus >= 1 && vcpus <= 1024)) return 'vCPUs: a whole number from 1 to 1024.';
  if (!(memoryMib >= 1 && diskMib >= 1)) return 'Memory and disk: whole MiB, 1 or more.';
  return gpus <= 16 ? { vcpus, memoryMib, diskMib, gpus } : 'GPUs: a whole number from 0 to 16.';
}

function newFlavourOf(form: FormData): NewFlavour | string {
  const id = textOf(form, 'id');
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(id)) return 'The id is 1 to 63 of a-z, 0-9 and -, not beginning with -.';
  const sizes = sizesOf(form);
  return typeof sizes === 'string' ? sizes : { id, ...sizes };
}

import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogActions, MatDialogContent, MatDialogRef, MatDialogTitle } from '@angular/material/dialog';
import type { ImageVersionView, ImageView } from '@beamdesk/contracts';
import { ImagesApi } from '../api/images.api';
import { Saving } from './save-dialog';
import { TraitsFields } from './traits-fields';
import { traitsOf } from './traits-values';

/** Which version of which image. */
export interface VersionQuestion {
  readonly image: Pick<ImageView, 'id' | 'name'>;
  readonly version: ImageVersionView;
}

/** How the machines of a draft run, what sets them up and what they hold; closes with true once that is changed. */
@Component({
  selector: 'bd-version-dialog',
  imports: [MatButton, MatDialogActions, MatDialogContent, MatDialogTitle, TraitsFields],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <h2 mat-dialog-title>Version {{ question.version.number }} of {{ question.image.name }}</h2>
    <mat-dialog-content>
      <form #form id="version" novalidate (submit)="$event.preventDefault(); send(form)">
        <p class="hint">Once it is active, none of this changes any more: register a new version then.</p>
        <bd-traits-fields [start]="question.version" />
        <p class="lacks" role="alert">{{ saving.lacks() }}</p>
        @if (saving.problem(); as problem) {
          <p class="lacks" role="alert"><strong>{{ problem.title }}.</strong> {{ problem.text }}</p>
        }
      </form>
    </mat-dialog-content>
    <mat-dialog-actions align="end">
      <button matButton type="button" (click)="saving.leave()">Cancel</button>
      <button matButton="filled" type="submit" form="version" [disabled]="saving.sending()">
        {{ saving.sending() ? 'Saving …' : 'Save' }}
      </button>
    </mat-dialog-actions>
  `,
  styleUrl: '../staff/form.scss',
})
export class VersionDialog {
  private readonly api = inject(ImagesApi);
  protected readonly question = inject<VersionQuestion>(MAT_DIALOG_DATA);
  protected readonly saving = new Saving(inject<MatDialogRef<VersionDialog, boolean>>(MatDialogRef));

  protected send(form: HTMLFormElement): void {
    const { image, version } = this.question;
    void this.saving.save(traitsOf(new FormData(form)), (change) => this.api.changeVersion(image.id, version.number, change));
  }
}

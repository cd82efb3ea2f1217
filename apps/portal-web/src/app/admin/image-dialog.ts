import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogActions, MatDialogContent, MatDialogRef, MatDialogTitle } from '@angular/material/dialog';
import type { ImageChange, ImageView, PlansView } from '@beamdesk/contracts';
import { ImagesApi } from '../api/images.api';
import { chosenOf, linesOf, textOf } from './form-values';
import { PlacesFields } from './places-fields';
import { Saving } from './save-dialog';

/** Which image, and what there is to offer it to. */
export interface ImageQuestion {
  readonly image: ImageView;
  readonly places: Pick<PlansView, 'beamlines' | 'techniques'>;
}

/** Name, description, and to whom an image is offered; closes with true once that is changed. */
@Component({
  selector: 'bd-image-dialog',
  imports: [MatButton, MatDialogActions, MatDialogContent, MatDialogTitle, PlacesFields],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './image-dialog.html',
  styleUrl: '../staff/form.scss',
})
export class ImageDialog {
  private readonly api = inject(ImagesApi);
  protected readonly question = inject<ImageQuestion>(MAT_DIALOG_DATA);
  protected readonly image = this.question.image;
  protected readonly saving = new Saving(inject<MatDialogRef<ImageDialog, boolean>>(MatDialogRef));
  protected readonly groups = this.image.offering.groups.join('\n');

  protected send(form: HTMLFormElement): void {
    void this.saving.save(changeOf(new FormData(form)), (change) => this.api.change(this.image.id, change));
  }
}

function changeOf(form: FormData): ImageChange | string {
  const name = textOf(form, 'name');
  if (name === '') return 'Give it a name.';
  const offering = {
    beamlines: chosenOf(form, 'beamline-'),
    techniques: chosenOf(form, 'technique-'),
    groups: linesOf(form, 'groups'),
  };
  return { name, description: textOf(form, 'description'), offering };
}

import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogActions, MatDialogClose, MatDialogContent, MatDialogTitle } from '@angular/material/dialog';

/** What the dialog asks about. */
export interface StopQuestion {
  readonly title: string;
  /** One paragraph each. */
  readonly consequences: readonly string[];
  readonly confirm: string;
  readonly refuse: string;
  /** Nothing is lost by it. */
  readonly calm?: boolean;
}

/** Asks before work can be lost; closes with true when the person means it. */
@Component({
  selector: 'bd-stop-dialog',
  imports: [MatButton, MatDialogActions, MatDialogClose, MatDialogContent, MatDialogTitle],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <h2 mat-dialog-title>{{ question.title }}</h2>
    <mat-dialog-content>
      @for (consequence of question.consequences; track consequence) {
        <p>{{ consequence }}</p>
      }
    </mat-dialog-content>
    <mat-dialog-actions align="end">
      <button matButton type="button" [mat-dialog-close]="false">{{ question.refuse }}</button>
      <button matButton="filled" [class.danger]="!question.calm" type="button" [mat-dialog-close]="true">
        {{ question.confirm }}
      </button>
    </mat-dialog-actions>
  `,
  styles: `
    p {
      margin: 0 0 10px;
    }
    .danger {
      --mat-button-filled-container-color: var(--mat-sys-error);
      --mat-button-filled-label-text-color: var(--mat-sys-on-error);
    }
  `,
})
export class StopDialog {
  protected readonly question = inject<StopQuestion>(MAT_DIALOG_DATA);
}

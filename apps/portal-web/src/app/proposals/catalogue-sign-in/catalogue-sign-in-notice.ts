import { ChangeDetectionStrategy, Component, inject, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { firstValueFrom } from 'rxjs';
import { CatalogueSignInDialog } from './catalogue-sign-in-dialog';

/** Says which catalogues answer only to the person's own account there, and asks for it. */
@Component({
  selector: 'bd-catalogue-sign-in-notice',
  imports: [MatButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @for (catalogue of catalogues(); track catalogue) {
      <div class="bd-card notice" role="status">
        <p>
          <strong>{{ catalogue }}</strong> shows proposals to people who sign in there with their own account. Running
          desktops go on without it.
        </p>
        <button matButton="tonal" type="button" (click)="ask(catalogue)">Sign in to {{ catalogue }}</button>
      </div>
    }
  `,
  styles: `
    .notice {
      display: flex;
      flex-wrap: wrap;
      gap: 8px 16px;
      align-items: center;
      margin-bottom: 12px;
      padding: 12px 16px;
    }
    p {
      flex: 1 1 240px;
      margin: 0;
    }
  `,
})
export class CatalogueSignInNotice {
  private readonly dialog = inject(MatDialog);
  /** Ids, as in proposal keys. */
  readonly catalogues = input.required<readonly string[]>();
  /** There is more to see now. */
  readonly signedIn = output<void>();

  protected async ask(catalogue: string): Promise<void> {
    const dialog = this.dialog.open(CatalogueSignInDialog, { data: catalogue, width: '420px', autoFocus: 'dialog' });
    if ((await firstValueFrom(dialog.afterClosed())) === true) this.signedIn.emit();
  }
}

import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  afterNextRender,
  inject,
  output,
  signal,
  viewChild,
} from '@angular/core';
import { MatButton } from '@angular/material/button';
import { messageOf } from '../../api/api-error';
import { nameProblem } from './file-paths';
import { FolderStore } from './folder.store';

/** Asks for the name of a new folder and makes it in the one that is open. */
@Component({
  selector: 'bd-new-folder',
  imports: [MatButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { '(keydown.escape)': '$event.stopPropagation(); cancelled.emit()' },
  template: `
    <form (submit)="$event.preventDefault(); make(name.value)">
      <label for="new-folder">Name of the new folder</label>
      <div class="line">
        <input
          #name
          id="new-folder"
          type="text"
          autocomplete="off"
          spellcheck="false"
          aria-describedby="new-folder-problem"
          [attr.aria-invalid]="problem() !== ''"
          (input)="problem.set('')"
        />
        <button matButton="tonal" type="submit" [disabled]="making()">{{ making() ? 'Making …' : 'Make' }}</button>
        <button matButton type="button" (click)="cancelled.emit()">Cancel</button>
      </div>
      <p id="new-folder-problem" role="alert">{{ problem() }}</p>
    </form>
  `,
  styles: `
    form {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: 2px;
    }
    label {
      color: var(--bd-muted);
      font-size: 0.85rem;
    }
    .line {
      display: flex;
      flex-wrap: wrap;
      gap: 4px;
      align-items: center;
    }
    input {
      flex: 1 1 120px;
      min-width: 0;
      height: 36px;
      padding: 0 8px;
      border: 1px solid var(--bd-line);
      border-radius: 8px;
      color: inherit;
      background: var(--bd-quiet);
      font: inherit;
    }
    p {
      margin: 0;
      color: var(--mat-sys-error);
      font-size: 0.85rem;
    }
    p:empty {
      display: none;
    }
  `,
})
export class NewFolder {
  /** Its name, once it is there. */
  readonly made = output<string>();
  readonly cancelled = output();
  private readonly folder = inject(FolderStore);
  private readonly field = viewChild.required<ElementRef<HTMLInputElement>>('name');
  protected readonly problem = signal('');
  protected readonly making = signal(false);

  constructor() {
    afterNextRender(() => this.field().nativeElement.focus());
  }

  protected async make(typed: string): Promise<void> {
    const name = typed.trim().normalize('NFC');
    const taken = this.folder.view()?.entries.some((entry) => entry.name === name);
    const problem = nameProblem(name) ?? (taken ? 'Something of this name is there already. Choose another.' : null);
    if (this.making()) return;
    this.problem.set(problem ?? '');
    if (problem) return;
    this.making.set(true);
    try {
      await this.folder.make(name);
      this.made.emit(name);
    } catch (error) {
      this.problem.set(messageOf(error).text);
    } finally {
      this.making.set(false);
    }
  }
}

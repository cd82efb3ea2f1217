import { ChangeDetectionStrategy, Component, ElementRef, computed, inject, input, viewChild } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { shownName } from './file-paths';
import { byteWords, whenWords } from './file-words';
import { ExistsRule, Transfer } from './transfer';
import { Transfers } from './transfers';

/** Something of a file's name is there already: what to do with it, and with others like it. */
@Component({
  selector: 'bd-exists-question',
  imports: [MatButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section class="question" aria-labelledby="exists-heading">
      <h3 id="exists-heading" tabindex="-1" #heading>
        <bdi>{{ name() }}</bdi> is there already
      </h3>
      @if (about(); as about) {
        <p>{{ about }}</p>
      }
      @if (others() > 0) {
        <label><input #all type="checkbox" /> Do the same with all others that are there already</label>
      }
      <div class="actions">
        @if (replaceable()) {
          <button matButton="tonal" type="button" (click)="answer('replace')">Replace</button>
        }
        <button matButton="tonal" type="button" (click)="answer('keep-both')">Keep both</button>
        <button matButton type="button" (click)="answer('skip')">Skip</button>
      </div>
    </section>
  `,
  styles: `
    .question {
      display: grid;
      gap: 6px;
      padding: 10px 12px;
      border: 1px solid var(--bd-warn-line);
      border-radius: 10px;
      background: var(--bd-warn-wash);
    }
    h3 {
      font-size: 0.95rem;
      overflow-wrap: anywhere;
    }
    p {
      margin: 0;
      font-size: 0.85rem;
    }
    label {
      display: flex;
      gap: 8px;
      align-items: center;
      min-height: 32px;
      font-size: 0.85rem;
    }
    .actions {
      display: flex;
      flex-wrap: wrap;
      gap: 8px;
    }
  `,
})
export class ExistsQuestion {
  readonly transfer = input.required<Transfer>();
  /** How many more files may meet the same. */
  readonly others = input.required<number>();

  private readonly transfers = inject(Transfers);
  private readonly all = viewChild<ElementRef<HTMLInputElement>>('all');
  private readonly heading = viewChild.required<ElementRef<HTMLElement>>('heading');
  private readonly existing = computed(() => {
    const state = this.transfer().state();
    return state.kind === 'asking' ? state.existing : undefined;
  });
  protected readonly name = computed(() => shownName(this.transfer().name()));
  protected readonly replaceable = computed(() => (this.existing()?.kind ?? 'file') === 'file');
  protected readonly about = computed(() => {
    const existing = this.existing();
    if (!existing) return '';
    if (existing.kind !== 'file') return 'It is a folder there, which a file cannot replace.';
    const { size } = this.transfer().file;
    return `There: ${byteWords(existing.size)} of ${whenWords(existing.modifiedAt)}. Yours: ${byteWords(size)}.`;
  });

  protected answer(rule: ExistsRule): void {
    this.transfers.answer(this.transfer(), rule, this.all()?.nativeElement.checked ?? false);
    // The next question takes this one's place: who answers by keyboard stays with it.
    this.heading().nativeElement.focus();
  }
}

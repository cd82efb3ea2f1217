import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  Injector,
  afterNextRender,
  computed,
  inject,
  input,
  output,
  signal,
  viewChild,
} from '@angular/core';
import { NgTemplateOutlet } from '@angular/common';
import type { FileEntry } from '@beamdesk/contracts';
import { Icon } from '../../shell/icon';
import { shownName } from './file-paths';
import { byteWords, whenWords } from './file-words';
import { TypeAhead } from './type-ahead';

/** So many rows at first, and more of them on demand: a folder may hold ten thousand. */
const PAGE = 200;

interface Row {
  readonly entry: FileEntry;
  readonly name: string;
  readonly about: string;
}

/**
 * What lies in a folder. One stop for Tab; arrows, Home, End and the first letters of a name move in it, Enter opens a
 * folder or downloads a file, Backspace leads up.
 */
@Component({
  selector: 'bd-folder-list',
  imports: [Icon, NgTemplateOutlet],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './folder-list.html',
  styleUrl: './folder-list.scss',
})
export class FolderList {
  readonly entries = input.required<readonly FileEntry[]>();
  /** What the folder is called. */
  readonly label = input.required<string>();
  /** Where a file is downloaded from. */
  readonly href = input.required<(name: string) => string>();
  readonly enter = output<string>();
  readonly up = output();
  readonly download = output<string>();

  private readonly injector = inject(Injector);
  private readonly list = viewChild.required<ElementRef<HTMLElement>>('list');
  private readonly typed = new TypeAhead();
  private readonly at = signal(0);
  private readonly pages = signal(1);
  protected readonly current = computed(() => Math.min(this.at(), this.entries().length - 1));
  /** With their words, which are not made anew with every step of the keyboard. */
  protected readonly shown = computed(() =>
    this.entries()
      .slice(0, this.pages() * PAGE)
      .map(rowOf),
  );

  /** Puts the focus on an entry, or on the first; false where there is none. */
  focus(name?: string): boolean {
    const found = this.entries().findIndex((entry) => entry.name === name);
    if (this.entries().length === 0) return false;
    this.focusAt(Math.max(0, found));
    return true;
  }

  protected more(): void {
    this.focusAt(this.shown().length);
  }

  protected keep(event: FocusEvent): void {
    const row = (event.target as HTMLElement).dataset['row'];
    if (row !== undefined) this.at.set(Number(row));
  }

  protected key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const entry = this.entries()[this.current()];
    const moves: Readonly<Record<string, () => void>> = {
      ArrowDown: () => this.focusAt(this.current() + 1),
      ArrowUp: () => this.focusAt(this.current() - 1),
      Home: () => this.focusAt(0),
      End: () => this.focusAt(this.entries().length - 1),
      ArrowRight: () => entry?.kind === 'folder' && this.enter.emit(entry.name),
      ArrowLeft: () => this.up.emit(),
      Backspace: () => this.up.emit(),
    };
    const move = moves[event.key] ?? this.letter(event.key);
    if (!move) return;
    event.preventDefault();
    move();
  }

  private letter(key: string): (() => void) | undefined {
    if ([...key].length !== 1 || (key === ' ' && !this.typed.going)) return undefined;
    const names = this.entries().map(({ name }) => name);
    return () => this.focusAt(this.typed.find(key, names, this.current()) ?? this.current());
  }

  private focusAt(index: number): void {
    const row = Math.max(0, Math.min(index, this.entries().length - 1));
    this.at.set(row);
    this.pages.update((pages) => Math.max(pages, Math.ceil((row + 1) / PAGE)));
    const element = () => this.list().nativeElement.querySelector<HTMLElement>(`[data-row="${row}"]`);
    const there = element();
    if (there) there.focus();
    else afterNextRender(() => element()?.focus(), { injector: this.injector });
  }
}

function rowOf(entry: FileEntry): Row {
  const lead = { file: `${byteWords(entry.size)} · `, folder: '', other: 'Cannot be opened here · ' }[entry.kind];
  return { entry, name: shownName(entry.name), about: lead + whenWords(entry.modifiedAt) };
}

import {
  ChangeDetectionStrategy,
  Component,
  DOCUMENT,
  ElementRef,
  Injector,
  afterNextRender,
  computed,
  effect,
  inject,
  input,
  output,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import { MatButton } from '@angular/material/button';
import { FilesApi } from '../../api/files';
import { Icon } from '../../shell/icon';
import { Problem } from '../../shell/problem';
import { Toasts } from '../../shell/toasts.store';
import { Chosen, chosenByField } from './chosen-files';
import { ExistsQuestion } from './exists-question';
import { join, nameOf, shownName } from './file-paths';
import { byteWords } from './file-words';
import { FolderList } from './folder-list';
import { FolderStore } from './folder.store';
import { NewFolder } from './new-folder';
import { TransferList } from './transfer-list';
import { Transfers } from './transfers';

/** The desktop's files: look, download, send; and below, what is on its way. */
@Component({
  selector: 'bd-files-panel',
  host: { '(keydown.escape)': 'dismiss.emit()', '(click)': 'hold()' },
  imports: [ExistsQuestion, FolderList, Icon, MatButton, NewFolder, Problem, TransferList],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './files-panel.html',
  styleUrl: './files-panel.scss',
})
export class FilesPanel {
  readonly instanceId = input.required<string>();
  /** Why nothing can be sent now; null where it can. */
  readonly refusal = input.required<string | null>();
  /** The desktop runs and this person may look into it. */
  readonly reachable = input.required<boolean>();
  /** The person asked for the panel: it gets the keyboard. */
  readonly takesFocus = input(true);
  readonly send = output<Chosen>();
  readonly dismiss = output();

  protected readonly folder = inject(FolderStore);
  private readonly api = inject(FilesApi);
  private readonly toasts = inject(Toasts);
  private readonly transfers = inject(Transfers);
  private readonly injector = inject(Injector);
  private readonly document = inject(DOCUMENT);
  private readonly panel = viewChild.required<ElementRef<HTMLElement>>('panel');
  private readonly list = viewChild(FolderList);
  /** Where the keyboard goes once the folder is listed; `name`: the entry, else the first. */
  private wish: { readonly name?: string } | undefined;

  protected readonly naming = signal(false);
  protected readonly words = byteWords;
  protected readonly shownName = shownName;
  protected readonly readOnly = computed(() => this.folder.place()?.writable === false);
  protected readonly cannotSend = computed(() => this.refusal() ?? (this.readOnly() ? 'read only' : null));
  private readonly unfinished = computed(() => this.transfers.of(this.instanceId()).filter((each) => each.unfinished));
  /** The first whose name is taken. */
  protected readonly asking = computed(() => this.unfinished().find(({ kind }) => kind === 'asking'));
  protected readonly others = computed(() => this.unfinished().length - 1);
  protected readonly href = computed(() => {
    const [id, path] = [this.instanceId(), this.folder.path() ?? ''];
    return (name: string) => this.api.contentUrl(id, join(path, name));
  });
  protected readonly spoken = computed(() => {
    const view = this.folder.view();
    if (!view) return this.folder.loading() ? `Loading ${this.folder.words()}` : '';
    const count = this.folder.entries().length;
    return `${this.folder.words()}: ${count === 0 ? 'empty' : count === 1 ? '1 entry' : `${count} entries`}`;
  });

  constructor() {
    afterNextRender(() => this.takesFocus() && this.panel().nativeElement.focus());
    effect(() => {
      if (this.folder.view()) untracked(() => this.fulfil());
    });
  }

  protected open(path: string): void {
    this.go({}, () => this.folder.to(path));
  }

  protected enter(name: string): void {
    this.go({}, () => this.folder.enter(name));
  }

  protected up(): void {
    if (this.folder.crumbs().length < 2) return;
    this.go({ name: nameOf(this.folder.path() ?? '') }, () => this.folder.up());
  }

  protected made(name: string): void {
    this.naming.set(false);
    this.wait({ name });
  }

  protected notNamed(): void {
    this.naming.set(false);
    this.panel().nativeElement.focus();
  }

  protected choose(field: HTMLInputElement): void {
    try {
      if (field.files) this.send.emit(chosenByField(field.files));
    } catch (error) {
      this.toasts.info(error instanceof Error ? error.message : String(error));
    } finally {
      // The same files may be chosen once more.
      field.value = '';
    }
  }

  protected downloading(name: string): void {
    this.toasts.info(`The download of ${shownName(name)} begins; your browser shows how it goes.`);
  }

  /** Many a button goes with its click: the keyboard stays in the panel. */
  protected hold(): void {
    const { activeElement, body } = this.document;
    const lost = () => this.document.activeElement === body && activeElement !== body;
    afterNextRender(() => lost() && this.panel().nativeElement.focus({ preventScroll: true }), {
      injector: this.injector,
    });
  }

  private go(wish: { name?: string }, move: () => void): void {
    this.naming.set(false);
    this.wait(wish);
    move();
  }

  /** What has the keyboard is about to go: until the folder is listed the panel holds it. */
  private wait(wish: { name?: string }): void {
    this.wish = wish;
    this.panel().nativeElement.focus({ preventScroll: true });
  }

  /** Whoever has moved on meanwhile keeps the keyboard. */
  private fulfil(): void {
    const { wish } = this;
    if (!wish) return;
    this.wish = undefined;
    const panel = this.panel().nativeElement;
    const focus = () => this.document.activeElement === panel && this.list()?.focus(wish.name);
    afterNextRender(focus, { injector: this.injector });
  }
}

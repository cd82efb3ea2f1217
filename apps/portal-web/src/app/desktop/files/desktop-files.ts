import {
  ChangeDetectionStrategy,
  Component,
  DOCUMENT,
  DestroyRef,
  computed,
  effect,
  inject,
  input,
  output,
  signal,
  untracked,
} from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { debounceTime, filter } from 'rxjs';
import type { InstanceView } from '@beamdesk/contracts';
import { settled } from '../../shell/settled';
import { Toasts } from '../../shell/toasts.store';
import type { DesktopStatus } from '../desktop-status';
import { DesktopStore } from '../desktop.store';
import { looksOn } from '../looks-on';
import { Chosen, TooMuchChosen, chosenByDrop } from './chosen-files';
import { DropTarget } from './drop-target';
import { FilesPanel } from './files-panel';
import { FolderStore } from './folder.store';
import { fileCount } from './file-words';
import { whyNoFiles } from './may-exchange';
import { spokenSums, sumsOf } from './transfer-words';
import { Transfers } from './transfers';

/** What the bar tells of files on their way. */
export interface FilesBadge {
  readonly unfinished: number;
  /** Something waits for the person. */
  readonly attention: boolean;
}

const SPOKEN_AFTER_MS = 800;
/** Many small files end soon after each other; the folder is listed again once. */
const LISTED_AFTER_MS = 500;

/** All of the desktop page that is about files: the panel, the place to drop them, and what is told of both. */
@Component({
  selector: 'bd-desktop-files',
  imports: [FilesPanel],
  providers: [DropTarget, FolderStore],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './desktop-files.html',
  styleUrl: './desktop-files.scss',
})
export class DesktopFiles {
  readonly instanceId = input.required<string>();
  readonly instance = input<InstanceView>();
  readonly status = input.required<DesktopStatus>();
  /** The panel is open. */
  readonly open = input.required<boolean>();
  /** Something was dropped: the panel shows what becomes of it. */
  readonly show = output();
  readonly dismiss = output();
  readonly badge = output<FilesBadge>();

  protected readonly drop = inject(DropTarget);
  private readonly folder = inject(FolderStore);
  private readonly transfers = inject(Transfers);
  private readonly toasts = inject(Toasts);
  private readonly store = inject(DesktopStore);
  private readonly document = inject(DOCUMENT);
  private readonly sums = computed(() => sumsOf(this.transfers.of(this.instanceId())));
  /** Apart from the sums, which change several times a second. */
  private readonly told = computed<FilesBadge>(
    () => {
      const { unfinished, asking, failed } = this.sums();
      return { unfinished, attention: asking + failed > 0 };
    },
    { equal: (a, b) => a.unfinished === b.unfinished && a.attention === b.attention },
  );
  /** What had the keyboard before the panel. */
  private opener: Element | null = null;

  protected readonly dropped = signal(false);
  protected readonly refusal = computed(() => whyNoFiles(this.instance(), this.status()));
  protected readonly reachable = computed(() => {
    const instance = this.instance();
    return instance?.state === 'READY' && !looksOn(instance);
  });
  /** Where a drop goes: the folder that is open in the panel, else the first place that can be written to. */
  private readonly target = computed(() => {
    const { place, path, places, words } = this.folder;
    const open = this.open() ? path() : undefined;
    if (open !== undefined) return { path: open, words: words(), writable: place()?.writable === true };
    const first = places().find(({ writable }) => writable);
    return { path: first?.path ?? '', words: first?.name ?? '', writable: first !== undefined };
  });
  protected readonly cannotDrop = computed(() => {
    const { words, writable } = this.target();
    return this.refusal() ?? (writable ? null : `${words} is read only. Open another folder in the panel Files first.`);
  });
  protected readonly targetWords = computed(() => this.target().words);
  protected readonly spoken = settled(
    computed(() => spokenSums(this.sums())),
    SPOKEN_AFTER_MS,
  );

  constructor() {
    this.drop.listen(
      () => this.cannotDrop() === null,
      (transfer) => void this.take(transfer),
    );
    effect(() => this.badge.emit(this.told()));
    effect(() => {
      const [open, reachable, id] = [this.open(), this.reachable(), this.instanceId()];
      if (open && reachable) untracked(() => this.list(id));
    });
    effect(() => {
      if (this.open()) this.opener = this.document.activeElement;
      else this.dropped.set(false);
    });
    this.transfers.landed
      .pipe(
        filter((folder) => this.folder.shows(folder)),
        debounceTime(LISTED_AFTER_MS),
        takeUntilDestroyed(),
      )
      .subscribe((folder) => this.open() && this.folder.shows(folder) && this.folder.refresh());
    inject(DestroyRef).onDestroy(() => this.left());
  }

  /** Back to the button that opened the panel, or to the desktop. */
  protected close(): void {
    this.dismiss.emit();
    const { opener } = this;
    if (opener instanceof HTMLElement && opener.isConnected && opener.closest('bd-desktop-toolbar')) opener.focus();
    else this.store.focusDisplay();
  }

  protected send(chosen: Chosen): void {
    const refusal = this.cannotDrop();
    if (refusal !== null) this.toasts.info(refusal);
    else this.transfers.add(this.instanceId(), this.target().path, chosen);
  }

  private async take(transfer: DataTransfer): Promise<void> {
    const refusal = this.cannotDrop();
    if (refusal !== null) return this.toasts.info(refusal);
    const [id, { path }] = [this.instanceId(), this.target()];
    try {
      const chosen = await chosenByDrop(transfer);
      if (chosen.files.length + chosen.folders.length === 0) return;
      this.transfers.add(id, path, chosen);
      if (this.open()) return;
      this.dropped.set(true);
      this.show.emit();
    } catch (error) {
      this.toasts.info(error instanceof TooMuchChosen ? error.message : 'The browser cannot read what was dropped.');
    }
  }

  /** Lists what was open, or begins where files go by themselves. */
  private list(id: string): void {
    const path = this.folder.path();
    if (path === undefined || this.folder.instanceId() !== id) this.folder.open(id, '/scratch');
    else this.folder.refresh();
  }

  private left(): void {
    const { unfinished } = this.sums();
    if (unfinished > 0) this.toasts.info(`${fileCount(unfinished)} on the way to the desktop; keep this tab open.`);
  }
}

import { Injectable, computed, inject, signal } from '@angular/core';
import type { FolderView } from '@beamdesk/contracts';
import { firstValueFrom, map } from 'rxjs';
import { FilesApi } from '../../api/files';
import { createLoader } from '../../api/loader';
import { USUAL_PLACES, crumbsOf, folderWords, join, parentOf, placeOf } from './file-paths';

interface Folder {
  readonly instanceId: string;
  readonly path: string;
}

/** The folder that the panel shows, of one desktop at a time. */
@Injectable()
export class FolderStore {
  private readonly api = inject(FilesApi);
  private readonly asked = signal<Folder | undefined>(undefined);
  private readonly loader = createLoader(({ instanceId, path }: Folder) =>
    this.api.list(instanceId, path).pipe(map((view) => ({ instanceId, path, view }))),
  );
  private readonly hidden = signal(false);

  readonly loading = this.loader.loading;
  readonly slow = this.loader.slow;
  readonly error = this.loader.error;
  /** Names that begin with a dot are listed too. */
  readonly showsHidden = this.hidden.asReadonly();
  readonly instanceId = computed(() => this.asked()?.instanceId);
  /** The folder's path; undefined until one was asked for. */
  readonly path = computed(() => this.asked()?.path);
  /** The folder as it was listed last; undefined while another one is on its way. */
  readonly view = computed<FolderView | undefined>(() => {
    const asked = this.asked();
    const value = this.loader.value();
    return asked && value?.instanceId === asked.instanceId && value.path === asked.path ? value.view : undefined;
  });
  readonly places = computed(() => {
    const value = this.loader.value();
    return value && value.instanceId === this.asked()?.instanceId ? value.view.places : USUAL_PLACES;
  });
  readonly place = computed(() => placeOf(this.path() ?? '', this.places()));
  readonly crumbs = computed(() => crumbsOf(this.path() ?? '', this.places()));
  readonly words = computed(() => folderWords(this.path() ?? '', this.places()));
  readonly entries = computed(() => {
    const entries = this.view()?.entries ?? [];
    return this.hidden() ? entries : entries.filter(({ name }) => !name.startsWith('.'));
  });
  readonly hiddenCount = computed(() => this.view()?.entries.filter(({ name }) => name.startsWith('.')).length ?? 0);

  open(instanceId: string, path: string): void {
    const asked = { instanceId, path };
    this.asked.set(asked);
    this.loader.load(asked);
  }

  /** Down into a folder that is listed. */
  enter(name: string): void {
    this.move((path) => join(path, name));
  }

  /** The folder above, within the place. */
  up(): void {
    if (this.crumbs().length > 1) this.move(parentOf);
  }

  to(path: string): void {
    this.move(() => path);
  }

  refresh(): void {
    this.move((path) => path);
  }

  toggleHidden(): void {
    this.hidden.update((shown) => !shown);
  }

  /** Makes a folder here and lists again. Rejects with an `ApiError`. */
  async make(name: string): Promise<void> {
    const asked = this.asked();
    if (!asked) return;
    await firstValueFrom(this.api.makeFolder(asked.instanceId, join(asked.path, name)));
    if (name.startsWith('.')) this.hidden.set(true);
    if (this.asked() === asked) this.refresh();
  }

  /** Whether a change in this folder may be seen in the one that is open: it is that one, or below it and perhaps new. */
  shows({ instanceId, folder }: { instanceId: string; folder: string }): boolean {
    const asked = this.asked();
    return asked?.instanceId === instanceId && `${folder}/`.startsWith(`${asked.path}/`);
  }

  private move(where: (path: string) => string): void {
    const asked = this.asked();
    if (asked) this.open(asked.instanceId, where(asked.path));
  }
}

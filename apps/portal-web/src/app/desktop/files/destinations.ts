import { Injectable, inject } from '@angular/core';
import type { FileEntry, FolderView } from '@beamdesk/contracts';
import { firstValueFrom } from 'rxjs';
import { FilesApi } from '../../api/files';
import { parentOf } from './file-paths';
import { Batch } from './transfer';

/** A folder is not listed anew for each of many files that go there. */
const FRESH_MS = 10_000;

/** A folder that files go to, as it was a moment ago. */
export interface Destination {
  readonly entries: Map<string, FileEntry>;
  readonly limitBytes: number;
  /** Null where it is not known. */
  freeBytes: number | null;
}

/** What lies in the folders that files go to: conflicts and lack of room are found before anything is sent. */
@Injectable({ providedIn: 'root' })
export class Destinations {
  private readonly api = inject(FilesApi);
  private readonly known = new Map<string, { readonly at: number; readonly destination: Promise<Destination> }>();

  /** Rejects with an `ApiError`. */
  look(instanceId: string, folder: string): Promise<Destination> {
    const key = `${instanceId}${folder}`;
    const known = this.known.get(key);
    if (known && Date.now() - known.at < FRESH_MS) return known.destination;
    const destination = firstValueFrom(this.api.list(instanceId, folder)).then(destinationOf);
    this.known.set(key, { at: Date.now(), destination });
    destination.catch(() => this.known.delete(key));
    return destination;
  }

  /** Nothing is taken as known the next time. */
  forget(instanceId: string, folder: string): void {
    this.known.delete(`${instanceId}${folder}`);
  }

  /** Makes a folder of a batch with all above it, once for the whole batch. Rejects with an `ApiError`. */
  make(batch: Batch, folder: string): Promise<void> {
    if (folder === batch.root) return Promise.resolve();
    const made = batch.made.get(folder);
    if (made) return made;
    const making = this.make(batch, parentOf(folder)).then(async () => {
      await firstValueFrom(this.api.makeFolder(batch.instanceId, folder));
    });
    batch.made.set(folder, making);
    making.catch(() => batch.made.delete(folder));
    return making;
  }
}

function destinationOf({ entries, limitBytes, freeBytes }: FolderView): Destination {
  return { entries: new Map(entries.map((entry) => [entry.name, entry])), limitBytes, freeBytes };
}

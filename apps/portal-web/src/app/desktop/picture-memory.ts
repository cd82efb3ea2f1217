import { DOCUMENT, Injectable, inject } from '@angular/core';
import { DisplayFit } from './remote-display/remote-display';

const KEY = 'beamdesk.picture';
const KNOWN: readonly string[] = ['fit', 'one-to-one', 'match'] satisfies DisplayFit[];

/** How this browser shows desktops, kept from one visit to the next. */
@Injectable({ providedIn: 'root' })
export class PictureMemory {
  private readonly document = inject(DOCUMENT);

  recall(): DisplayFit {
    const kept = this.using((storage) => storage.getItem(KEY));
    return isFit(kept) ? kept : 'fit';
  }

  keep(fit: DisplayFit): void {
    this.using((storage) => storage.setItem(KEY, fit));
  }

  /** Throws nothing where the browser forbids storage or has no room: the choice then lasts as long as the page. */
  private using<T>(act: (storage: Storage) => T): T | undefined {
    try {
      const storage = this.document.defaultView?.localStorage;
      return storage && act(storage);
    } catch {
      return undefined;
    }
  }
}

function isFit(value: string | null | undefined): value is DisplayFit {
  return typeof value === 'string' && KNOWN.includes(value);
}

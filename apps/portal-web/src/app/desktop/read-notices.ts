import { DOCUMENT, Injectable, inject, signal } from '@angular/core';

const KEY = 'beamdesk.read';

/** Which desktops' notices were dismissed in this tab; survives a reload, and is gone with the tab. */
@Injectable({ providedIn: 'root' })
export class ReadNotices {
  private readonly storage = storageOf(inject(DOCUMENT).defaultView);
  private readonly ids = signal<readonly string[]>(this.storage?.getItem(KEY)?.split(' ') ?? []);

  has(instanceId: string): boolean {
    return this.ids().includes(instanceId);
  }

  add(instanceId: string): void {
    this.ids.update((ids) => [...ids, instanceId]);
    this.storage?.setItem(KEY, this.ids().join(' '));
  }
}

/** A browser may forbid it altogether; the notice then comes back with each reload. */
function storageOf(view: Window | null): Storage | undefined {
  try {
    return view?.sessionStorage;
  } catch {
    return undefined;
  }
}

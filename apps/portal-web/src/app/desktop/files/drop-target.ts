import { DOCUMENT, DestroyRef, Injectable, Signal, inject, signal } from '@angular/core';

/** A browser tells several times a second that files are still above the page, and not always that they left it. */
const GONE_AFTER_MS = 1000;

/**
 * Files that are dragged over the page and dropped: anywhere on it, as a browser would otherwise leave the page for the
 * file. Listens beside Angular, which hears only when they come, go and drop.
 */
@Injectable()
export class DropTarget {
  private readonly hovering = signal(false);
  private readonly document = inject(DOCUMENT);
  private timer: ReturnType<typeof setTimeout> | undefined;
  private dropped: (transfer: DataTransfer) => void = () => undefined;
  private allowed: () => boolean = () => true;

  /** Files are above the page. */
  readonly over: Signal<boolean> = this.hovering.asReadonly();

  constructor() {
    const control = new AbortController();
    const listen = (type: 'dragenter' | 'dragover' | 'dragleave' | 'drop', action: (event: DragEvent) => void) =>
      this.document.addEventListener(type, (event) => holdsFiles(event) && action(event), { signal: control.signal });
    listen('dragenter', (event) => this.hover(event));
    listen('dragover', (event) => this.hover(event));
    // Each element that is left tells; only leaving the window has nothing that is entered.
    listen('dragleave', ({ relatedTarget }) => relatedTarget === null && this.away());
    listen('drop', (event) => this.drop(event));
    inject(DestroyRef).onDestroy(() => {
      control.abort();
      this.away();
    });
  }

  /** `allowed`: looked at while files are dragged, for the pointer's shape; `dropped` is called in the event itself. */
  listen(allowed: () => boolean, dropped: (transfer: DataTransfer) => void): void {
    this.allowed = allowed;
    this.dropped = dropped;
  }

  private hover(event: DragEvent): void {
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = this.allowed() ? 'copy' : 'none';
    this.hovering.set(true);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.away(), GONE_AFTER_MS);
  }

  private away(): void {
    clearTimeout(this.timer);
    this.hovering.set(false);
  }

  private drop(event: DragEvent): void {
    event.preventDefault();
    this.away();
    if (event.dataTransfer) this.dropped(event.dataTransfer);
  }
}

function holdsFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes('Files') ?? false;
}

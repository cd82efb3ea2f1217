import { DOCUMENT, Injectable, inject } from '@angular/core';
import { Router } from '@angular/router';

/** A page that opens by itself later than this would surprise. */
const PATIENCE_MS = 10_000;

/** Says whether a person is still where they clicked, so that a page may open by itself as the answer to the click. */
@Injectable({ providedIn: 'root' })
export class Attention {
  private readonly router = inject(Router);
  private readonly document = inject(DOCUMENT);
  private latest = 0;

  /**
   * To be called with the click. The answer is true as long as it was the last such click of this tab, seconds ago, on
   * the page that is still shown, and the focus has not gone to anything else since.
   */
  note(): () => boolean {
    const click = ++this.latest;
    const [at, url, focused] = [Date.now(), this.router.url, this.document.activeElement];
    return () => {
      const { activeElement, body } = this.document;
      // The clicked button goes away with the state that its click changes: the focus is then on nothing.
      const here = activeElement === null || activeElement === body || activeElement === focused;
      return here && click === this.latest && url === this.router.url && Date.now() - at <= PATIENCE_MS;
    };
  }
}

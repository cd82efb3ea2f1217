import { DOCUMENT, Injectable, Injector, afterNextRender, inject } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { NavigationEnd, Router } from '@angular/router';
import { filter, map } from 'rxjs';

/**
 * After a change of page the focus goes to its heading, as a newly loaded document would be read from its top.
 * A change of the query alone (search, sort, page) leaves it where the person is typing.
 */
@Injectable({ providedIn: 'root' })
export class RouteFocus {
  private readonly document = inject(DOCUMENT);
  private readonly injector = inject(Injector);
  private path: string | undefined;

  constructor() {
    inject(Router)
      .events.pipe(
        filter((event) => event instanceof NavigationEnd),
        map((event) => event.urlAfterRedirects.split(/[?#]/)[0]),
        takeUntilDestroyed(),
      )
      .subscribe((path) => {
        const first = this.path === undefined;
        const changed = this.path !== path;
        this.path = path;
        if (changed && !first) afterNextRender(() => this.focusHeading(), { injector: this.injector });
      });
  }

  /** Also what the skip link does. */
  focusHeading(): void {
    const main = this.document.querySelector<HTMLElement>('main');
    (main?.querySelector<HTMLElement>('h1[tabindex]') ?? main)?.focus();
  }
}

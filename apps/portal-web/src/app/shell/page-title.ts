import { Injectable, inject } from '@angular/core';
import { Title } from '@angular/platform-browser';
import { RouterStateSnapshot, TitleStrategy } from '@angular/router';

/** "Proposals · Beamdesk": the page first, because tabs are narrow. */
@Injectable({ providedIn: 'root' })
export class PageTitle extends TitleStrategy {
  private readonly title = inject(Title);

  override updateTitle(state: RouterStateSnapshot): void {
    this.set(this.buildTitle(state));
  }

  /** For pages that know their name only after loading. */
  set(page: string | undefined): void {
    this.title.setTitle(page ? `${page} · Beamdesk` : 'Beamdesk');
  }
}

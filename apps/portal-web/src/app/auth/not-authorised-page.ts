import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import type { AuthorisationWish } from '@beamdesk/contracts';
import { CatalogueSessionsApi } from '../api/catalogue-sessions.api';
import { createLoader } from '../api/loader';
import { SessionStore } from '../api/session.store';
import { CatalogueSignInNotice } from '../proposals/catalogue-sign-in/catalogue-sign-in-notice';
import { Contact } from '../shell/contact';
import { Problem } from '../shell/problem';
import { MomentPipe } from '../shell/time.pipes';
import { AuthorisationWatch } from './authorisation-watch';
import { OwnAuthorisationStore } from './own-authorisation.store';
import { RequestForm } from './request-form';
import { SignOut } from './sign-out';

/** Signed in, but let into nothing: says so, takes a request, shows how it stands, and goes on once it is granted. */
@Component({
  selector: 'bd-not-authorised-page',
  imports: [CatalogueSignInNotice, Contact, MatButton, MomentPipe, Problem, RequestForm, RouterLink],
  providers: [AuthorisationWatch, OwnAuthorisationStore],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './not-authorised-page.html',
  styleUrl: './not-authorised-page.scss',
})
export class NotAuthorisedPage {
  private readonly catalogues = inject(CatalogueSessionsApi);
  protected readonly session = inject(SessionStore);
  protected readonly store = inject(OwnAuthorisationStore);
  protected readonly account = inject(SignOut);
  protected readonly name = computed(() => this.session.user()?.name);
  protected readonly mail = computed(() => this.session.user()?.email);
  protected readonly waiting = computed(() => this.store.view()?.request?.state === 'open');
  protected readonly wantsChange = signal(false);
  private readonly signIns = createLoader(() => this.catalogues.list());
  /** Those that know people by their own account there alone, and may let this one in; none while that can't be told. */
  protected readonly askedBy = computed(() => {
    const all = this.signIns.value()?.catalogues ?? [];
    return all.filter(({ signedInAs }) => signedInAs === null).map(({ catalogue }) => catalogue);
  });
  /** The open request is being written anew. */
  protected readonly changing = computed(() => this.waiting() && this.wantsChange());

  constructor() {
    this.signIns.load(undefined);
  }

  protected async signedIn(): Promise<void> {
    this.signIns.retry();
    await this.store.check();
  }

  protected async ask(wish: AuthorisationWish): Promise<void> {
    if (await this.store.ask(wish)) this.wantsChange.set(false);
  }
}

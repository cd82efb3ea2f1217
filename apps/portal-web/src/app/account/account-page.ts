import { Location } from '@angular/common';
import {
  ChangeDetectionStrategy,
  Component,
  afterNextRender,
  computed,
  inject,
  input,
  linkedSignal,
} from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatMenu, MatMenuItem, MatMenuTrigger } from '@angular/material/menu';
import type { SignInProvider, SignInWay } from '@beamdesk/contracts';
import { firstValueFrom } from 'rxjs';
import { SessionStore } from '../api/session.store';
import { AuthorisationWatch } from '../auth/authorisation-watch';
import { StopDialog, StopQuestion } from '../resources/stop-dialog';
import { Contact } from '../shell/contact';
import { Icon } from '../shell/icon';
import { Problem } from '../shell/problem';
import { Toasts } from '../shell/toasts.store';
import { AccountStore } from './account.store';
import { CatalogueAccounts } from './catalogue-accounts';
import { linkNews } from './link-words';
import { PasswordDialog, PasswordQuestion } from './password-dialog';
import { WayCard } from './way-card';

/** One's own account: the ways to sign in, to add and to remove, and how the catalogues know one. */
@Component({
  selector: 'bd-account-page',
  imports: [CatalogueAccounts, Contact, Icon, MatButton, MatMenu, MatMenuItem, MatMenuTrigger, Problem, WayCard],
  providers: [AuthorisationWatch, AccountStore],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './account-page.html',
  styleUrl: './account-page.scss',
})
export class AccountPage {
  /** What came of adding a way to sign in, where the browser has just come back from a provider. */
  readonly link = input<string>();

  private readonly dialog = inject(MatDialog);
  private readonly toasts = inject(Toasts);
  protected readonly session = inject(SessionStore);
  protected readonly store = inject(AccountStore);
  protected readonly news = linkedSignal(() => linkNews(this.link()));
  protected readonly single = computed(() => this.store.view()?.ways.length === 1);

  constructor() {
    const location = inject(Location);
    // News is told once: not again after a reload.
    afterNextRender(() => location.replaceState('/account'));
  }

  protected async add(provider: SignInProvider): Promise<void> {
    this.news.set(undefined);
    if (provider.kind === 'redirect') return void (await this.store.add(provider));
    const title = `Add ${provider.label}`;
    const lead = 'Type name and password of that account once, to show that it is yours.';
    if (
      await this.ask({
        title,
        lead,
        confirm: 'Add',
        provider: provider.id,
        send: (given) => this.store.addByPassword(given),
      })
    )
      this.news.set(linkNews('LINKED'));
  }

  protected async remove(way: SignInWay): Promise<void> {
    this.news.set(undefined);
    const data: StopQuestion = {
      title: `Remove ${way.label}?`,
      consequences: [
        `Whoever signs in with it afterwards${way.name ? ` as ${way.name}` : ''} is another account here, without your proposals and desktops.`,
        'Where you are signed in with it now, you are signed out.',
      ],
      confirm: 'Remove',
      refuse: 'Keep it',
    };
    const dialog = this.dialog.open(StopDialog, { data, width: '440px', autoFocus: 'first-tabbable' });
    if ((await firstValueFrom(dialog.afterClosed())) !== true) return;
    if (await this.store.remove(way)) this.toasts.info(`${way.label} was removed.`);
  }

  protected async signInAgain({ provider, kind, subject, label }: SignInWay): Promise<void> {
    if (provider === null) return;
    if (kind === 'redirect') return this.store.signInAgain(provider);
    const local = provider === 'local';
    const lead = `Type your password of ${label} again.`;
    const send: PasswordQuestion['send'] = (given) => this.store.signInAgainByPassword(given);
    await this.ask({ title: 'Sign in again', lead, confirm: 'Sign in', provider, name: local ? subject : '', send });
  }

  private async ask(data: PasswordQuestion): Promise<boolean> {
    const dialog = this.dialog.open(PasswordDialog, { data, width: '420px', autoFocus: 'first-tabbable' });
    return (await firstValueFrom(dialog.afterClosed())) === true;
  }
}

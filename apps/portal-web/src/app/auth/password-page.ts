import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  Injector,
  afterNextRender,
  computed,
  inject,
  input,
  signal,
  viewChild,
} from '@angular/core';
import { MatButton } from '@angular/material/button';
import { Router, RouterLink } from '@angular/router';
import type { PasswordSignIn } from '@beamdesk/contracts';
import { firstValueFrom } from 'rxjs';
import { messageOf } from '../api/api-error';
import { SessionApi } from '../api/session.api';
import { SessionStore } from '../api/session.store';
import { UserMessage } from '../api/user-message';
import { Contact } from '../shell/contact';
import { Icon } from '../shell/icon';
import { returnPath } from './guards';

/** What the page itself finds wrong. */
const DIFFER: UserMessage = {
  title: 'The passwords differ',
  text: 'The two new passwords are not the same. Please type them again.',
  code: 'PASSWORDS_DIFFER',
  details: {},
};
/** Codes about what was typed; any other is about the account or the moment. */
const TYPED = ['WRONG_PASSWORD', 'WEAK_PASSWORD', DIFFER.code];

/**
 * Name and password, of a local account or of a directory; where there are several such ways in, people choose. Where
 * the password was given for one use, another is asked for at once.
 */
@Component({
  selector: 'bd-password-page',
  imports: [Contact, Icon, MatButton, RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './password-page.html',
  styleUrl: './password-page.scss',
})
export class PasswordPage {
  readonly returnTo = input<string>();
  /** Id of the way in that is chosen at first. */
  readonly provider = input<string>();

  private readonly api = inject(SessionApi);
  private readonly router = inject(Router);
  private readonly injector = inject(Injector);
  private readonly name = viewChild.required<ElementRef<HTMLInputElement>>('name');
  private readonly password = viewChild.required<ElementRef<HTMLInputElement>>('password');
  private readonly fresh = viewChild<ElementRef<HTMLInputElement>>('fresh');
  private readonly again = viewChild<ElementRef<HTMLInputElement>>('again');
  protected readonly session = inject(SessionStore);
  protected readonly busy = signal(false);
  protected readonly changing = signal(false);
  protected readonly problem = signal<UserMessage | undefined>(undefined);
  protected readonly wrong = computed(() => TYPED.includes(this.problem()?.code ?? ''));
  protected readonly target = computed(() => returnPath(this.returnTo() ?? null));
  protected readonly ways = computed(() => this.session.providers().filter(({ kind }) => kind === 'password'));
  private readonly picked = signal<string | undefined>(undefined);
  protected readonly way = computed(() => {
    const wanted = this.picked() ?? this.provider();
    return this.ways().find(({ id }) => id === wanted) ?? this.ways()[0];
  });
  protected readonly label = computed(() => this.way()?.label ?? 'a password');

  constructor() {
    afterNextRender(() => this.name().nativeElement.focus());
  }

  protected pick(id: string): void {
    this.picked.set(id);
    // It was about the other account.
    this.problem.set(undefined);
  }

  protected async send(name: string, password: string): Promise<void> {
    const newPassword = this.fresh()?.nativeElement.value;
    const provider = this.way()?.id;
    if (this.busy()) return;
    this.problem.set(undefined);
    if (newPassword !== this.again()?.nativeElement.value) return this.show(DIFFER);
    this.busy.set(true);
    try {
      await this.signIn({
        name,
        password,
        ...(provider === undefined ? {} : { provider }),
        ...(newPassword === undefined ? {} : { newPassword }),
      });
    } catch (error) {
      this.show(messageOf(error));
    } finally {
      this.busy.set(false);
    }
  }

  private async signIn(given: PasswordSignIn): Promise<void> {
    await firstValueFrom(this.api.signIn(given), { defaultValue: undefined });
    await this.session.reload();
    await this.router.navigateByUrl(this.target());
  }

  private show(message: UserMessage): void {
    if (message.code === 'PASSWORD_CHANGE_NEEDED') this.changing.set(true);
    else {
      this.problem.set(message);
      // The one-time password was used or replaced meanwhile: it has to be typed anew.
      if (message.code === 'WRONG_PASSWORD') this.changing.set(false);
    }
    afterNextRender(() => (this.fresh() ?? this.password()).nativeElement.focus(), { injector: this.injector });
  }
}

import type { PasswordSignIn } from '@beamdesk/contracts';
import { Injectable, Logger } from '@nestjs/common';
import { notFound } from '../../http/api-error';
import { Config } from '../../config';
import { SignInStrategy } from '../sign-in/sign-in.strategy';
import type { SignedInUser, VerifiedIdentity } from '../sign-in/verified-identity';
import { FewAtOnce, TooBusy } from './few-at-once';
import type { LocalAccountEntity } from './local-account.entity';
import { LOCAL_ISSUER, LOCAL_PROVIDER, LocalAccounts } from './local-accounts';
import { PasswordAttempts } from './password-attempts';
import { isOutdated, isPassword, NOBODYS_HASH } from './password-hash';
import { accountName, passwordFault } from './password-rules';
import {
  accountDisabled,
  changeNeeded,
  locked,
  oneTimeEnded,
  tooBusy,
  weakPassword,
  wrongPassword,
} from './refused-passwords';

/** Whom a right password makes somebody. */
export interface SignedInAccount {
  name: string;
  user: SignedInUser;
}

/**
 * Sign-in by name and password. A name that is nobody's, a wrong password and a locked name are refused alike and after the
 * same work, so that nobody finds out who has an account; what else is wrong is told only after the right password.
 */
@Injectable()
export class LocalSignIn {
  private readonly logger = new Logger('LocalSignIn');
  private readonly hashing = new FewAtOnce(2, 40);

  constructor(
    private readonly config: Config,
    private readonly accounts: LocalAccounts,
    private readonly attempts: PasswordAttempts,
    private readonly arrivals: SignInStrategy,
  ) {}

  /**
   * @param given name and password as they were typed
   * @param from address, for the log
   * @throws ApiError whose code says why not
   */
  async signIn(given: PasswordSignIn, from: string): Promise<SignedInAccount> {
    const identity = await this.prove(given, from);
    return { name: identity.subject, user: await this.arrivals.validate(identity) };
  }

  /**
   * Whose name and password these are; nobody is signed in by it, and no person is made.
   * @param given as for `signIn`
   * @throws ApiError whose code says why not
   */
  async prove(given: PasswordSignIn, from: string): Promise<VerifiedIdentity> {
    if (!this.config.localAccounts) throw notFound('There are no local accounts here.');
    const counted = accountName(given.name) ?? given.name.trim().toLowerCase();
    // A try that nobody can look at must not count as a failed one.
    if (this.hashing.isFull) throw tooBusy();
    const seconds = await this.attempts.begin(counted);
    if (seconds !== null) throw locked(seconds);
    const account = await this.proven(given, from);
    await this.attempts.forget(account.name);
    if (account.disabledAt) throw accountDisabled(account.name);
    if (account.oneTimeUntil && account.oneTimeUntil.getTime() < Date.now()) throw oneTimeEnded(account.name);
    if (given.newPassword !== undefined) await this.replace(account, given.password, given.newPassword);
    else if (account.oneTimeUntil) throw changeNeeded();
    else if (isOutdated(account.passwordHash))
      await this.work(() => this.accounts.rehash(account.name, account.passwordHash, given.password));
    return identityOf(account);
  }

  /** Whether it may still sign in: asked again once the login session is there, which a disabling before would have missed. */
  async isEnabled(name: string): Promise<boolean> {
    const account = await this.accounts.find(name);
    return account !== null && account.disabledAt === null;
  }

  private async proven({ name, password }: PasswordSignIn, from: string): Promise<LocalAccountEntity> {
    const known = accountName(name);
    const account = known === null ? null : await this.accounts.find(known);
    const right = await this.work(() => isPassword(account?.passwordHash ?? NOBODYS_HASH, password));
    if (account && right) return account;
    // A name that is nobody's may be a password in the wrong field: it stays out of the log.
    this.logger.warn(`wrong password for ${account ? account.name : 'a name that is no account'} from ${from}`);
    throw wrongPassword();
  }

  private async replace(account: LocalAccountEntity, before: string, password: string): Promise<void> {
    const fault =
      password === before
        ? 'The new password must be another than the old one.'
        : passwordFault(password, account.name);
    if (fault) throw weakPassword(fault);
    const done = await this.work(() => this.accounts.setPassword(account.name, account.passwordHash, password));
    if (!done) throw wrongPassword();
  }

  private async work<T>(hash: () => Promise<T>): Promise<T> {
    try {
      return await this.hashing.run(hash);
    } catch (error) {
      throw error instanceof TooBusy ? tooBusy() : error;
    }
  }
}

function identityOf({ name, displayName, email }: LocalAccountEntity): VerifiedIdentity {
  const said = { subject: name, name: displayName, email, emailVerified: false, groups: [] };
  return { ...said, issuer: LOCAL_ISSUER, provider: LOCAL_PROVIDER, returnTo: '/' };
}

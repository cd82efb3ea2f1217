import { setTimeout as pause } from 'node:timers/promises';
import type { PasswordSignIn } from '@beamdesk/contracts';
import { Injectable, Logger } from '@nestjs/common';
import { Config } from '../../config';
import { ApiError, badRequest, notFound } from '../../http/api-error';
import { FewAtOnce, TooBusy } from '../local-accounts/few-at-once';
import { PasswordAttempts } from '../local-accounts/password-attempts';
import { locked, tooBusy, wrongPassword } from '../local-accounts/refused-passwords';
import { SignInStrategy } from '../sign-in/sign-in.strategy';
import type { SignedInUser, VerifiedIdentity } from '../sign-in/verified-identity';
import { type Attempt, Directory, type Proven } from './directory';
import { DirectoryFault } from './directory-fault';
import { directoryUnavailable, incomplete } from './refused-directories';

/** No refusal comes sooner: how long a directory works on a password would tell whether there is such an account. */
export const REFUSED_AFTER_MS = 800;

interface Known {
  directory: Directory;
  /** A directory that is slow must not hold up everything else. */
  line: FewAtOnce;
}

/**
 * Sign-in by a name and password that an LDAP directory knows. Refuses unknown names, wrong passwords and disabled
 * accounts alike.
 */
@Injectable()
export class DirectorySignIn {
  private readonly logger = new Logger('DirectorySignIn');
  private readonly known: ReadonlyMap<string, Known>;

  constructor(
    config: Config,
    private readonly attempts: PasswordAttempts,
    private readonly arrivals: SignInStrategy,
  ) {
    this.known = new Map(
      config.directories.map((one) => [one.id, { directory: new Directory(one), line: new FewAtOnce(8, 16) }]),
    );
  }

  /**
   * Under what tries of a name are counted: as directories compare names, of which neither case nor blanks count (RFC
   * 4518).
   */
  countedName({ provider = '', name }: PasswordSignIn): string {
    const prepared = name
      .normalize('NFKC')
      .replace(/\p{Cf}/gu, '')
      .replace(/[\s\p{Cc}]+/gu, ' ');
    return `${provider} ${prepared.toLowerCase().trim()}`;
  }

  /**
   * @param given with the id of a directory as its provider
   * @param from address, for the log
   * @throws ApiError whose code says why not
   */
  async signIn(given: PasswordSignIn, from: string): Promise<SignedInUser> {
    return this.arrivals.validate(await this.prove(given, from));
  }

  /** Whose name and password these are; nobody is signed in by it, and no person is made. Otherwise as `signIn`. */
  async prove(given: PasswordSignIn, from: string): Promise<VerifiedIdentity> {
    const known = this.known.get(given.provider ?? '');
    if (!known) throw notFound('There is no such way to sign in.');
    if (given.newPassword !== undefined) {
      throw badRequest([{ path: 'newPassword', message: 'passwords of this directory are changed there' }]);
    }
    const { id, issuer, accounts } = known.directory.settings;
    const { identity } = await this.proven(known, given, from);
    await this.attempts.forget(this.countedName(given));
    if (!identity) throw incomplete(`no usable stable id in '${accounts.subject}' of an account of ${id}`);
    await this.attempts.forget(accountKey(id, identity.subject));
    return { ...identity, issuer, provider: id, returnTo: '/' };
  }

  private async proven(known: Known, given: PasswordSignIn, from: string): Promise<Proven> {
    const notBefore = performance.now() + REFUSED_AFTER_MS;
    try {
      return await this.work(known, (directory) =>
        directory.attempt(given.name.trim(), (attempt) => this.tried(attempt, given, from)),
      );
    } catch (error) {
      if (error instanceof ApiError && error.code === 'WRONG_PASSWORD')
        await pause(Math.max(0, notBefore - performance.now()));
      throw error;
    }
  }

  /** Counted as failed before the password is looked at, but not before the directory has answered at all. */
  private async tried({ found, subject, prove }: Attempt, given: PasswordSignIn, from: string): Promise<Proven> {
    const seconds = await this.attempts.begin(this.countedName(given));
    if (seconds !== null) throw locked(seconds);
    const { provider = '' } = given;
    // A name may be spelt in many ways, and a filter may take several: they are one account, and waiting is its own
    // secret.
    const waits = subject === null ? null : await this.attempts.begin(accountKey(provider, subject));
    const outcome = waits === null ? await prove(given.password) : { refused: 'failed tries under several names' };
    if (!('refused' in outcome)) return outcome;
    // A name that is nobody's may be a password in the wrong field: it stays out of the log.
    const who = found.entry
      ? `account ${subject ?? found.entry.dn}`
      : `a name that ${found.why === 'several' ? 'several accounts have' : 'is no account'}`;
    this.logger.warn(`${provider}: refused ${who} from ${from}: ${outcome.refused}`);
    throw wrongPassword();
  }

  private async work<T>({ directory, line }: Known, task: (directory: Directory) => Promise<T>): Promise<T> {
    try {
      return await line.run(() => task(directory));
    } catch (error) {
      if (error instanceof TooBusy) throw tooBusy();
      if (!(error instanceof DirectoryFault)) throw error;
      const { id, label } = directory.settings;
      this.logger.error(`${id} cannot be asked: ${error.message}`);
      throw directoryUnavailable(label);
    }
  }
}

function accountKey(directory: string, subject: string): string {
  return `${directory} account ${subject}`;
}

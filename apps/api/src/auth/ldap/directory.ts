import { randomUUID } from 'node:crypto';
import { type DirectorySettings, filledFilter } from '../../config';
import type { MappedIdentity } from '../sign-in/map-claims';
import { type AccountEntry, accountEntry, identityOfEntry, wantedAttributes } from './account-entry';
import { converse, type Talk } from './conversation';
import { faultOf, resultCode, wordsOf } from './directory-fault';
import { type DirectoryGroups, groupsOfAccount } from './directory-groups';
import { bindReader } from './directory-reader';

/** What the directory knows by a name: exactly one account can be somebody. */
export type Found = { entry: AccountEntry } | { entry: null; why: 'nobody' | 'several' };

/** Whose password was right. */
export interface Proven {
  /** null: the entry holds no stable id. */
  identity: MappedIdentity | null;
  groups: DirectoryGroups;
}

/** One step of a sign-in: the account was looked up, its password was not yet. */
export interface Attempt {
  found: Found;
  /** By whom the account is known again, as far as the entry says; null where there is none. */
  subject: string | null;
  /** @returns why the directory refuses the password, or a name that is nobody's, as it says itself; or who that is */
  prove(password: string): Promise<Proven | { refused: string }>;
}

/**
 * Answers to a bind that say no to this account: a wrong password, or an account that may not come in (disabled,
 * locked, ended). Directories differ in which of them they use; some give them whether the password was right or not.
 * RFC 4511, 4.1.9: referral, constraintViolation, noSuchObject, invalidDNSyntax, inappropriateAuthentication,
 * invalidCredentials, insufficientAccessRights, unwillingToPerform.
 */
const REFUSALS = [10, 19, 32, 34, 48, 49, 50, 53];

function fail(error: unknown): never {
  throw error;
}

/** Looks an account up and proves its password by binding as it (search + bind), all on one connection. */
export class Directory {
  constructor(readonly settings: DirectorySettings) {}

  /**
   * @param name as it was typed
   * @param work what to do with what was found; the connection ends with it
   * @throws DirectoryFault; what `work` throws goes through as it is
   */
  async attempt<T>(name: string, work: (attempt: Attempt) => Promise<T>): Promise<T> {
    const { settings } = this;
    const outcome = await converse(settings, async (talk) => {
      const found = await this.find(talk, name);
      const subject = found.entry ? (identityOfEntry(found.entry, settings, [])?.subject ?? null) : null;
      const prove = (password: string) =>
        this.prove(talk, found.entry, password).catch((error: unknown) => fail(faultOf(error)));
      return work({ found, subject, prove }).then(
        (value) => () => value,
        (error: unknown) => () => fail(error),
      );
    });
    return outcome();
  }

  /** What a sign-in would make of an account, as far as it can be told without its password. @throws DirectoryFault */
  show(name: string): Promise<{ found: Found; proven: Proven | null }> {
    return converse(this.settings, async (talk) => {
      const found = await this.find(talk, name);
      return { found, proven: found.entry && (await this.identify(talk, found.entry)) };
    });
  }

  private async find(talk: Talk, name: string): Promise<Found> {
    const { accounts, timeoutMs } = this.settings;
    await bindReader(talk, this.settings);
    const { searchEntries } = await talk.search(accounts.base, {
      filter: filledFilter(accounts.filter, name),
      attributes: wantedAttributes(this.settings),
      explicitBufferAttributes: [accounts.subject],
      // Two are one too many.
      sizeLimit: 2,
      timeLimit: Math.ceil(timeoutMs / 1000),
    });
    const [first, ...more] = searchEntries;
    // Without a name a bind is anonymous, and every password right (RFC 4513, 5.1.1).
    if (!first || first.dn === '') return { entry: null, why: 'nobody' };
    return more.length > 0 ? { entry: null, why: 'several' } : { entry: accountEntry(first) };
  }

  private async prove(talk: Talk, entry: AccountEntry | null, password: string): Promise<Proven | { refused: string }> {
    // A name without a password binds nobody, and yet succeeds at many servers (unauthenticated bind, RFC 4513, 5.1.2).
    if (password === '') return { refused: 'no password' };
    const refused = await this.refusal(talk, entry?.dn ?? this.nobody(), password);
    if (refused !== null) return { refused };
    if (!entry) return { refused: 'there is no such account' };
    if (this.settings.groups?.source.kind === 'search') await bindReader(talk, this.settings);
    return this.identify(talk, entry);
  }

  /** Asked for as well where there is no account, so that the answer takes as long. */
  private nobody(): string {
    return `cn=${randomUUID()},${this.settings.accounts.base}`;
  }

  private async refusal(talk: Talk, dn: string, password: string): Promise<string | null> {
    try {
      await talk.bind(dn, password);
      return null;
    } catch (error) {
      const code = resultCode(error);
      if (code === null || !REFUSALS.includes(code)) throw error;
      return wordsOf(error);
    }
  }

  private async identify(talk: Talk, entry: AccountEntry): Promise<Proven> {
    const groups = await groupsOfAccount(talk, this.settings, entry);
    return { identity: identityOfEntry(entry, this.settings, groups.named), groups };
  }
}

import type { PasswordSignIn } from '@beamdesk/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { ThrottlerStorage } from '@nestjs/throttler';
import type { Request, Response } from 'express';
import { ApiError } from '../../http/api-error';
import { countRequest, tooMany } from '../../http/rate-limit.guard';
import { DirectorySignIn } from '../ldap/directory-sign-in';
import type { VerifiedIdentity } from '../sign-in/verified-identity';
import { LOCAL_PROVIDER } from './local-accounts';
import { LocalSignIn } from './local-sign-in';
import { accountName } from './password-rules';

const PER_ACCOUNT = { name: 'password-account', perMinute: 15 };

/** Whether it is about an account of ours; otherwise about one of the directory it names. */
export function isLocal({ provider = LOCAL_PROVIDER }: PasswordSignIn): boolean {
  return provider === LOCAL_PROVIDER;
}

/** Names and passwords as requests bring them: counted by account before anything is looked at, and with `Retry-After`. */
@Injectable()
export class ProvenPasswords {
  constructor(
    private readonly local: LocalSignIn,
    private readonly directories: DirectorySignIn,
    @Inject(ThrottlerStorage) private readonly counts: ThrottlerStorage,
  ) {}

  /**
   * Whose they are; nobody is signed in by it.
   * @throws ApiError whose code says why not
   */
  prove(given: PasswordSignIn, { ip = 'an unknown address' }: Request, response: Response): Promise<VerifiedIdentity> {
    const way = isLocal(given) ? this.local : this.directories;
    return this.counted(given, response, () => way.prove(given, ip));
  }

  /** One more try at that account. @throws ApiError TOO_MANY_REQUESTS before any work, and what the work throws */
  async counted<T>(given: PasswordSignIn, response: Response, work: () => Promise<T>): Promise<T> {
    const name = isLocal(given) ? accountName(given.name) : this.directories.countedName(given);
    const seconds = name === null ? null : await countRequest(this.counts, PER_ACCOUNT, name);
    if (seconds !== null) throw tooMany(response, seconds);
    return work().catch((error: unknown) => {
      if (error instanceof ApiError && error.code === 'SIGN_IN_LOCKED') {
        response.setHeader('Retry-After', String(error.details?.['retryAfterSeconds']));
      }
      throw error;
    });
  }
}

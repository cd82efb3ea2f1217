import { Injectable } from '@nestjs/common';
import { CatalogueLinks } from '../../adapters/catalogues/catalogue-links';
import { CatalogueAuthorisation } from '../../authorisation/catalogue-authorisation';
import { CopyKeeper } from '../../catalogue-copy/copy-keeper';
import type { VerifiedIdentity } from '../sign-in/verified-identity';
import { IdentityLinks, type Linked, type Removed } from './identity-links';

/** What a person does with their own ways to sign in, and what follows from it for the catalogues and for being let in. */
@Injectable()
export class OwnLinks {
  constructor(
    private readonly identities: IdentityLinks,
    private readonly links: CatalogueLinks,
    private readonly catalogues: CatalogueAuthorisation,
    private readonly copies: CopyKeeper,
  ) {}

  /** @param identity proven a moment ago, by the person who is signed in as `userId` */
  async add(userId: string, { issuer, subject, provider, name, groups }: VerifiedIdentity): Promise<Linked> {
    const login = { issuer, subject, provider, name, groups, proven: true };
    const outcome = await this.identities.add(userId, login, { linkedBy: 'person', actorId: userId });
    if (outcome === 'LINKED') await this.follow(userId);
    return outcome;
  }

  async remove(userId: string, id: string): Promise<Removed> {
    const removed = await this.identities.remove(userId, id, userId);
    if (removed === 'REMOVED') await this.follow(userId);
    return removed;
  }

  private async follow(userId: string): Promise<void> {
    await this.links.settle(userId);
    await this.catalogues.settle(userId);
    this.copies.signedIn(userId);
  }
}

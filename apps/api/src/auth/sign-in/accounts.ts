import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Audit } from '../../audit/audit';
import { IdentityEntity } from '../entities/identity.entity';
import { UserAccountEntity } from '../entities/user-account.entity';
import { VerifiedIdentity } from './verified-identity';

type IdentityFacts = Pick<VerifiedIdentity, 'issuer' | 'subject' | 'name' | 'email'>;
type SignInFacts = IdentityFacts & Pick<VerifiedIdentity, 'provider' | 'groups'>;

/** Until the end of the transaction nobody else decides whose this login is. */
export async function lockLogin(manager: EntityManager, issuer: string, subject: string): Promise<void> {
  await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [JSON.stringify([issuer, subject])]);
}

/** Finds the person of an identity, by issuer and subject and nothing else; an unknown one becomes a person without rights. */
@Injectable()
export class Accounts {
  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: Audit,
  ) {}

  /** Also notes the sign-in, for the audit too, and what the identity says of itself. */
  signedIn(identity: SignInFacts): Promise<{ userId: string; identityId: string }> {
    const { issuer, subject, provider, name, groups } = identity;
    return this.dataSource.transaction(async (manager) => {
      const { id, userId } = await this.knownIn(manager, identity);
      const now = new Date();
      await manager.update(UserAccountEntity, userId, { lastSignInAt: now });
      await manager.update(IdentityEntity, id, { provider, name, groups, lastUsedAt: now });
      await this.audit.write(manager, { kind: 'sign-in', actorId: userId, subjectId: userId, details: { issuer, subject } });
      return { userId, identityId: id };
    });
  }

  /** Brings name and mail up to date. @returns `user_account.id` */
  async known(identity: IdentityFacts): Promise<string> {
    return (await this.dataSource.transaction((manager) => this.knownIn(manager, identity))).userId;
  }

  private async knownIn(
    manager: EntityManager,
    { issuer, subject, name, email }: IdentityFacts,
  ): Promise<Pick<IdentityEntity, 'id' | 'userId'>> {
    // Two tabs may come back at once, and both be the first.
    await lockLogin(manager, issuer, subject);
    const identity = await manager.findOneBy(IdentityEntity, { issuer, subject });
    if (identity) {
      await manager.update(UserAccountEntity, identity.userId, { name, email });
      return identity;
    }
    const user = await manager.save(manager.create(UserAccountEntity, { name, email }));
    return manager.save(manager.create(IdentityEntity, { userId: user.id, issuer, subject, name }));
  }
}

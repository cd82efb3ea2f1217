import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Audit } from '../../audit/audit';
import { IdentityEntity } from '../entities/identity.entity';
import { UserAccountEntity } from '../entities/user-account.entity';
import { VerifiedIdentity } from './verified-identity';

type IdentityFacts = Pick<VerifiedIdentity, 'issuer' | 'subject' | 'name' | 'email'>;

/** Finds the person of an identity, by issuer and subject and nothing else; an unknown one becomes a person without rights. */
@Injectable()
export class Accounts {
  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: Audit,
  ) {}

  /** Also notes the sign-in, for the audit too. @returns `user_account.id` */
  signedIn(identity: IdentityFacts): Promise<string> {
    const { issuer, subject } = identity;
    return this.dataSource.transaction(async (manager) => {
      const userId = await this.knownIn(manager, identity);
      await manager.update(UserAccountEntity, userId, { lastSignInAt: new Date() });
      await this.audit.write(manager, { kind: 'sign-in', actorId: userId, subjectId: userId, details: { issuer, subject } });
      return userId;
    });
  }

  /** Brings name and mail up to date. @returns `user_account.id` */
  known(identity: IdentityFacts): Promise<string> {
    return this.dataSource.transaction((manager) => this.knownIn(manager, identity));
  }

  private async knownIn(manager: EntityManager, { issuer, subject, name, email }: IdentityFacts): Promise<string> {
    // Two tabs may come back at once, and both be the first.
    await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [JSON.stringify([issuer, subject])]);
    const identity = await manager.findOneBy(IdentityEntity, { issuer, subject });
    if (identity) {
      await manager.update(UserAccountEntity, identity.userId, { name, email });
      return identity.userId;
    }
    const user = await manager.save(manager.create(UserAccountEntity, { name, email }));
    await manager.insert(IdentityEntity, { userId: user.id, issuer, subject });
    return user.id;
  }
}

import type { LinkedBy, LinkOutcome } from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, IsNull, Not } from 'typeorm';
import { Audit } from '../../audit/audit';
import { notifyAuthorisation } from '../../authorisation/authorisation-channel';
import { Authorisations } from '../../authorisation/authorisations';
import { AuthorisationEntity } from '../entities/authorisation.entity';
import { CatalogueAccountEntity } from '../entities/catalogue-account.entity';
import { IdentityEntity } from '../entities/identity.entity';
import { lockLogin } from '../sign-in/accounts';
import { endSessionsOf } from './ended-sessions';
import { hasNothing } from './has-nothing';

/** A login that is to become somebody's. What it has never said is null. */
export interface NewIdentity {
  issuer: string;
  subject: string;
  provider: string | null;
  name: string | null;
  groups: string[];
  /** It has just been used. */
  proven: boolean;
}

/** Who does it: the person, or an administrator, who has no account in the portal's own command. */
export interface Doer {
  linkedBy: Exclude<LinkedBy, 'sign-in'>;
  /** `user_account.id`; null: by the command. */
  actorId: string | null;
}

export type Linked = Exclude<LinkOutcome, 'LINK_OTHER_SESSION'>;
export type Removed = 'REMOVED' | 'NOT_FOUND' | 'LAST_WAY' | 'WAY_KEPT';

/** More than anybody needs; keeps pages and rules short. */
const MOST = 12;

/** Makes a login one more way in of a person, or none any longer. Whose a login is, decides only this and a first sign-in. */
@Injectable()
export class IdentityLinks {
  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: Audit,
    private readonly authorisations: Authorisations,
  ) {}

  /** Somebody else's stays theirs, unless they have nothing at all: then it moves, with its line in the audit for both. */
  add(userId: string, login: NewIdentity, doer: Doer): Promise<Linked> {
    const { issuer, subject, proven, ...said } = login;
    return this.dataSource.transaction(async (manager) => {
      await lockLogin(manager, issuer, subject);
      const known = await manager.findOneBy(IdentityEntity, { issuer, subject });
      await lockPeople(manager, [userId, ...(known ? [known.userId] : [])]);
      const used = proven ? { lastUsedAt: new Date() } : {};
      if (known?.userId === userId) {
        if (proven) await manager.update(IdentityEntity, known.id, { ...said, ...used });
        return 'LINK_ALREADY_YOURS';
      }
      if ((await manager.countBy(IdentityEntity, { userId })) >= MOST) return 'LINK_TOO_MANY';
      if (known && !(await this.leave(manager, known, doer))) return 'LINK_OF_ANOTHER_PERSON';
      const facts = { userId, linkedBy: doer.linkedBy, linkedAt: new Date(), ...used };
      if (known) await manager.update(IdentityEntity, known.id, { ...facts, ...(proven ? said : {}) });
      else await manager.insert(IdentityEntity, { issuer, subject, ...said, ...facts });
      await this.tell(manager, 'identity-linked', userId, login, doer.actorId);
      return 'LINKED';
    });
  }

  /** Ends the sessions begun with it, and takes with it the catalogue accounts that rest on it. */
  remove(userId: string, id: string, actorId: string | null, evenTheLast = false): Promise<Removed> {
    return this.dataSource.transaction(async (manager) => {
      await lockPeople(manager, [userId]);
      const all = await manager.findBy(IdentityEntity, { userId });
      const identity = all.find((one) => one.id === id);
      if (!identity) return 'NOT_FOUND';
      if (all.length === 1 && !evenTheLast) return 'LAST_WAY';
      if (actorId !== null && (await wasTakenBack(manager, userId))) return 'WAY_KEPT';
      await endSessionsOf(manager, identity);
      await manager.delete(IdentityEntity, { id });
      await this.tell(manager, 'identity-unlinked', userId, identity, actorId);
      return 'REMOVED';
    });
  }

  /** False: its person has something, and keeps it. */
  private async leave(manager: EntityManager, identity: IdentityEntity, { actorId }: Doer): Promise<boolean> {
    const { id, userId } = identity;
    if (!(await hasNothing(manager, userId, id))) return false;
    await endSessionsOf(manager, identity);
    await manager.delete(CatalogueAccountEntity, { identityId: id });
    await this.authorisations.end(
      manager,
      { userId, role: 'USER', source: 'catalogue' },
      null,
      'the login became another person’s',
    );
    await this.tell(manager, 'identity-unlinked', userId, identity, actorId);
    return true;
  }

  /** In the audit, and to the person's open pages. */
  private async tell(
    manager: EntityManager,
    kind: 'identity-linked' | 'identity-unlinked',
    subjectId: string,
    { issuer, subject }: Pick<IdentityEntity, 'issuer' | 'subject'>,
    actorId: string | null,
  ): Promise<void> {
    await this.audit.write(manager, { kind, actorId, subjectId, details: { issuer, subject } });
    await notifyAuthorisation(manager, subjectId);
  }
}

/** Whom staff took a role from stays known by every login: as another person the catalogue would let them in again. */
function wasTakenBack(manager: EntityManager, userId: string): Promise<boolean> {
  return manager.existsBy(AuthorisationEntity, { userId, takenBackBy: Not(IsNull()) });
}

/** In one order for all, so that two who link at once wait for each other instead of for ever. */
async function lockPeople(manager: EntityManager, userIds: string[]): Promise<void> {
  await manager.query('SELECT FROM user_account WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE', [userIds]);
}

import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Audit } from '../audit/audit';
import { CatalogueAccountEntity } from '../auth/entities/catalogue-account.entity';
import { ApiError } from '../http/api-error';

/** `catalogue_account.linked_by` of rows that rest on a sign-in to the catalogue. */
export const BY_PERSON = 'person';

/** Which account somebody may have a session of. */
@Injectable()
export class CatalogueAccountLink {
  constructor(private readonly audit: Audit) {}

  /**
   * The account a person proved to have at a catalogue is the one they are known by here, or becomes it where they have none and
   * nobody else has it. Never another person's, and never one in place of what the site's rules or its staff linked.
   * @throws ApiError 409
   */
  async require(manager: EntityManager, userId: string, catalogue: string, name: string): Promise<void> {
    // Two people, or one twice, come one after the other.
    await manager.query('SELECT FROM user_account WHERE id = $1 FOR NO KEY UPDATE', [userId]);
    await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [JSON.stringify([catalogue, name])]);
    const known = await manager.findOneBy(CatalogueAccountEntity, { userId, catalogue });
    if (known?.name === name) return;
    if (known) throw otherAccount(known.name, name);
    if (await manager.existsBy(CatalogueAccountEntity, { catalogue, name })) throw taken(name);
    await manager.insert(CatalogueAccountEntity, { userId, catalogue, name, linkedBy: BY_PERSON });
    const details = { catalogue, account: name };
    await this.audit.write(manager, { kind: 'catalogue-linked', actorId: userId, subjectId: userId, details });
  }
}

function otherAccount(known: string, name: string): ApiError {
  const message = `You are known as “${known}” in this catalogue. Sign in there with that account, or ask the user office to change it.`;
  return new ApiError(409, 'CATALOGUE_OTHER_ACCOUNT', message, undefined, `signed in as '${name}'`);
}

function taken(name: string): ApiError {
  const message = 'That account of the catalogue belongs to somebody else here. Ask the user office if it is yours.';
  return new ApiError(409, 'CATALOGUE_ACCOUNT_TAKEN', message, undefined, `signed in as '${name}'`);
}

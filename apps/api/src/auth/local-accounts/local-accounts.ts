import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Audit } from '../../audit/audit';
import { IdentityEntity } from '../entities/identity.entity';
import { LocalAccountEntity } from './local-account.entity';
import { hashPassword } from './password-hash';

/** Issuer of the identities of local accounts, e.g. for account rules; their subject is the account's name. */
export const LOCAL_ISSUER = 'urn:beamdesk:local-account';
/** What the sign-in calls them, beside the ids of the providers. */
export const LOCAL_PROVIDER = 'local';

const ONE_TIME_DAYS = 7;

export interface NewAccount {
  name: string;
  displayName: string;
  email: string | null;
  oneTimePassword: string;
}

/** What an administrator does with local accounts. Each answers false where it found nothing to do. */
@Injectable()
export class LocalAccounts {
  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: Audit,
  ) {}

  /** False: the name is taken. */
  async create({ name, displayName, email, oneTimePassword }: NewAccount): Promise<boolean> {
    const account = { name, displayName, email, ...(await oneTime(oneTimePassword)) };
    return this.change(name, 'created', async (manager) => {
      const made = await manager
        .createQueryBuilder()
        .insert()
        .into(LocalAccountEntity)
        .values(account)
        .orIgnore()
        .returning('name')
        .execute();
      return (made.raw as unknown[]).length > 0;
    });
  }

  /** Another one-time password; ends what was begun with the old one. False: there is no such account. */
  async reset(name: string, oneTimePassword: string): Promise<boolean> {
    const change = await oneTime(oneTimePassword);
    return this.change(name, 'password reset', async (manager) => {
      const { affected } = await manager.update(LocalAccountEntity, { name }, change);
      await endSessions(manager, name);
      return affected === 1;
    });
  }

  /** Ends its login sessions, and with them their desktop connections. False: no such account, or disabled before. */
  disable(name: string): Promise<boolean> {
    return this.change(name, 'disabled', async (manager) => {
      const [rows] = await manager.query<[unknown[], number]>(
        'UPDATE local_account SET disabled_at = now() WHERE name = $1 AND disabled_at IS NULL RETURNING name',
        [name],
      );
      await endSessions(manager, name);
      return rows.length > 0;
    });
  }

  enable(name: string): Promise<boolean> {
    return this.change(name, 'enabled', async (manager) => {
      const [rows] = await manager.query<[unknown[], number]>(
        'UPDATE local_account SET disabled_at = NULL WHERE name = $1 AND disabled_at IS NOT NULL RETURNING name',
        [name],
      );
      return rows.length > 0;
    });
  }

  list(): Promise<LocalAccountEntity[]> {
    return this.dataSource.getRepository(LocalAccountEntity).find({ order: { name: 'ASC' } });
  }

  find(name: string): Promise<LocalAccountEntity | null> {
    return this.dataSource.getRepository(LocalAccountEntity).findOneBy({ name });
  }

  /**
   * The person's own password in place of `before`, and an end to what the old one had begun.
   * @returns false where `before` has been replaced or the account disabled in the meantime
   */
  async setPassword(name: string, before: string, password: string): Promise<boolean> {
    const passwordHash = await hashPassword(password);
    return this.change(name, 'password set', async (manager) => {
      const [rows] = await manager.query<[unknown[], number]>(
        `UPDATE local_account SET password_hash = $3, one_time_until = NULL
         WHERE name = $1 AND password_hash = $2 AND disabled_at IS NULL RETURNING name`,
        [name, before, passwordHash],
      );
      if (rows.length > 0) await endSessions(manager, name);
      return rows.length > 0;
    });
  }

  /** The same password at another cost: nobody needs to know. */
  async rehash(name: string, before: string, password: string): Promise<void> {
    const passwordHash = await hashPassword(password);
    await this.dataSource.getRepository(LocalAccountEntity).update({ name, passwordHash: before }, { passwordHash });
  }

  /** In one transaction with its line in the audit. */
  private change(account: string, what: string, work: (manager: EntityManager) => Promise<boolean>): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      if (!(await work(manager))) return false;
      const identity = await manager.findOneBy(IdentityEntity, { issuer: LOCAL_ISSUER, subject: account });
      const subjectId = identity?.userId ?? null;
      const actorId = what === 'password set' ? subjectId : null;
      await this.audit.write(manager, { kind: 'local-account', actorId, subjectId, details: { account, what } });
      return true;
    });
  }
}

async function oneTime(password: string): Promise<Pick<LocalAccountEntity, 'passwordHash' | 'oneTimeUntil'>> {
  return {
    passwordHash: await hashPassword(password),
    oneTimeUntil: new Date(Date.now() + ONE_TIME_DAYS * 86_400_000),
  };
}

async function endSessions(manager: EntityManager, name: string): Promise<void> {
  await manager.query(
    `WITH ended AS (
       DELETE FROM login_session WHERE sess ->> 'provider' = $3
         AND user_id IN (SELECT user_id FROM identity WHERE issuer = $1 AND subject = $2) RETURNING login_sid)
     SELECT pg_notify('beamdesk_session', login_sid) FROM ended`,
    [LOCAL_ISSUER, name, LOCAL_PROVIDER],
  );
}

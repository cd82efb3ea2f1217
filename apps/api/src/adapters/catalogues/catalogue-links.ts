import type { CatalogueAccount } from '@beamdesk/catalogue';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { IdentityEntity } from '../../auth/entities/identity.entity';
import type { LoginSubject } from './account-rules';
import { CatalogueEntries } from './catalogue-entries';

/** `catalogue_account.linked_by` of rows the rules made. */
export const BY_RULE = 'rule';

/** What the rules of one catalogue make of the logins of one person. */
export interface RuledAccounts {
  catalogue: string;
  /** In the order in which the logins became the person's; the first counts. */
  accounts: { account: CatalogueAccount; identityId: string }[];
}

/**
 * The accounts the site's rules give a person, by any of their logins. One person is one account in each catalogue: where two
 * logins give one, that of the login which has been the person's for longer counts. Rows that somebody else wrote stay as they
 * are; one that a rule made follows the rules, and goes where none fits.
 */
@Injectable()
export class CatalogueLinks {
  constructor(
    private readonly entries: CatalogueEntries,
    private readonly dataSource: DataSource,
  ) {}

  /** At every sign-in, and when a login becomes a person's or is theirs no longer. */
  settle(userId: string): Promise<void> {
    return this.dataSource.transaction(async (manager) => {
      // Two sign-ins at once, or one and an unlinking, come one after the other.
      await manager.query('SELECT FROM user_account WHERE id = $1 FOR NO KEY UPDATE', [userId]);
      for (const { catalogue, accounts } of await this.ruled(userId, manager)) {
        const [first] = accounts;
        if (first) await this.write(manager, userId, first.account, first.identityId);
        else await this.remove(manager, userId, catalogue);
      }
    });
  }

  /** Of every catalogue that has rules. */
  async ruled(userId: string, manager: EntityManager = this.dataSource.manager): Promise<RuledAccounts[]> {
    const order = { linkedAt: 'ASC', id: 'ASC' } as const;
    const logins = await manager.find(IdentityEntity, { where: { userId }, order });
    const given = logins.flatMap((login: LoginSubject & { id: string }) =>
      this.entries.accountsOf(login).map((one) => ({ ...one, identityId: login.id })),
    );
    return [...Map.groupBy(given, ({ catalogue }) => catalogue)].map(([catalogue, all]) => ({
      catalogue,
      accounts: all.flatMap(({ account, identityId }) => (account ? [{ account, identityId }] : [])),
    }));
  }

  private async write(
    manager: EntityManager,
    userId: string,
    { catalogue, name, groups }: CatalogueAccount,
    identityId: string,
  ): Promise<void> {
    await manager.query(
      `INSERT INTO catalogue_account AS c (user_id, catalogue, name, groups, linked_by, identity_id)
       VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (user_id, catalogue) DO UPDATE SET name = $3, groups = $4, identity_id = $6,
         linked_at = CASE WHEN (c.name, c.identity_id) IS NOT DISTINCT FROM ($3, $6::uuid) THEN c.linked_at ELSE now() END
       WHERE c.linked_by = $5 AND (c.name, c.groups, c.identity_id) IS DISTINCT FROM ($3, $4, $6::uuid)`,
      [userId, catalogue, name, groups, BY_RULE, identityId],
    );
  }

  private async remove(manager: EntityManager, userId: string, catalogue: string): Promise<void> {
    await manager.query('DELETE FROM catalogue_account WHERE user_id = $1 AND catalogue = $2 AND linked_by = $3', [
      userId,
      catalogue,
      BY_RULE,
    ]);
  }
}

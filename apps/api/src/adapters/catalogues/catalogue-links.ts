import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CatalogueEntries } from './catalogue-entries';
import type { LoginSubject } from './account-rules';

/** `catalogue_account.linked_by` of rows the rules made. */
const BY_RULE = 'rule';

/**
 * At every sign-in: the accounts the site's rules give this login. Rows that somebody else wrote stay as they are; one that a rule
 * made follows the rule, and goes where it no longer fits.
 */
@Injectable()
export class CatalogueLinks {
  constructor(
    private readonly entries: CatalogueEntries,
    private readonly dataSource: DataSource,
  ) {}

  async link(userId: string, login: LoginSubject): Promise<void> {
    for (const { catalogue, account } of this.entries.accountsOf(login)) {
      if (account) await this.write(userId, catalogue, account.name, account.groups);
      else await this.remove(userId, catalogue);
    }
  }

  private async write(userId: string, catalogue: string, name: string, groups: string[]): Promise<void> {
    await this.dataSource.query(
      `INSERT INTO catalogue_account (user_id, catalogue, name, groups, linked_by) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (user_id, catalogue) DO UPDATE SET name = $3, groups = $4, linked_at = now()
       WHERE catalogue_account.linked_by = $5 AND (catalogue_account.name, catalogue_account.groups) <> ($3, $4)`,
      [userId, catalogue, name, groups, BY_RULE],
    );
  }

  private async remove(userId: string, catalogue: string): Promise<void> {
    await this.dataSource.query(
      'DELETE FROM catalogue_account WHERE user_id = $1 AND catalogue = $2 AND linked_by = $3',
      [userId, catalogue, BY_RULE],
    );
  }
}

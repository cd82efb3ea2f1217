import type { CatalogueAccount } from '@beamdesk/catalogue';
import { FactoryProvider } from '@nestjs/common';
import { Config } from '../../config';
import { Site } from '../../site/site';
import { accountOf, type LoginSubject } from './account-rules';
import type { CatalogueEntry } from './catalogues-schema';
import { type CommunityCatalogues, loadCommunityCatalogues } from './community-catalogues';
import { loadCatalogues } from './load-catalogues';

/** What CATALOGUES_FILE says, none where there is only CATALOGUE_FILE; and what the communities of the site bring along. */
export class CatalogueEntries {
  constructor(
    readonly all: readonly CatalogueEntry[],
    readonly ofCommunities: readonly CommunityCatalogues[] = [],
  ) {}

  /** The accounts a login becomes by the rules of each catalogue; null: in that one, none. */
  accountsOf(login: LoginSubject): { catalogue: string; account: CatalogueAccount | null }[] {
    return [...this.all, ...this.ofCommunities.flatMap(({ entries }) => entries)]
      .filter(({ accounts }) => accounts.length > 0)
      .map(({ id, accounts }) => ({ catalogue: id, account: accountOf(id, accounts, login) }));
  }
}

export const catalogueEntriesProvider: FactoryProvider<CatalogueEntries> = {
  provide: CatalogueEntries,
  inject: [Config, Site],
  useFactory: async ({ catalogue }: Config, { beamlines, communities }: Site): Promise<CatalogueEntries> =>
    new CatalogueEntries(
      catalogue.source === 'one' ? [] : await loadCatalogues(catalogue.file, { beamlines }),
      await Promise.all(
        communities.flatMap(({ catalogues }) => (catalogues ? [loadCommunityCatalogues(catalogues)] : [])),
      ),
    ),
};

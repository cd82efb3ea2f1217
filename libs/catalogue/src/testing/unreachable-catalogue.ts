import { Catalogue, CatalogueAccount, ProposalPage, ProposalSearch } from '../catalogue';
import { CatalogueUnavailable } from '../errors';
import { DatasetRecord, Proposal, ProposalKey } from '../proposal';

/** Stands before another catalogue and cannot be asked until `reachable` is set: "unavailable" must never be read as "no". */
export class UnreachableCatalogue extends Catalogue {
  reachable = false;

  constructor(private readonly behind: Catalogue) {
    super();
  }

  override get id(): string {
    return this.behind.id;
  }

  override async search(account: CatalogueAccount, query: ProposalSearch): Promise<ProposalPage> {
    return this.ask().search(account, query);
  }

  override async find(account: CatalogueAccount, key: ProposalKey): Promise<Proposal | null> {
    return this.ask().find(account, key);
  }

  override async isMember(account: CatalogueAccount, key: ProposalKey): Promise<boolean> {
    return this.ask().isMember(account, key);
  }

  override async datasets(account: CatalogueAccount, key: ProposalKey): Promise<DatasetRecord[]> {
    return this.ask().datasets(account, key);
  }

  private ask(): Catalogue {
    if (this.reachable) return this.behind;
    throw new CatalogueUnavailable('The catalogue does not answer.', 'unreachable', 'switched off by a test');
  }
}

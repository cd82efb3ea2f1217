import {
  Catalogue,
  CatalogueAccount,
  CatalogueCheck,
  DatasetPage,
  DatasetQuery,
  ProposalPage,
  ProposalSearch,
  RestoreRequest,
} from '../catalogue';
import { CatalogueUnavailable } from '../errors';
import { Proposal, ProposalKey } from '../proposal';

/** Stands before another catalogue and cannot be asked until `reachable` is set: "unavailable" must never be read as "no". */
export class UnreachableCatalogue extends Catalogue {
  reachable = false;

  constructor(private readonly behind: Catalogue) {
    super();
  }

  override get id(): string {
    return this.behind.id;
  }

  override has(catalogue: string): boolean {
    return this.behind.has(catalogue);
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

  override async datasets(account: CatalogueAccount, key: ProposalKey, page: DatasetQuery): Promise<DatasetPage> {
    return this.ask().datasets(account, key, page);
  }

  override async restore(account: CatalogueAccount, key: ProposalKey, datasetIds: string[]): Promise<RestoreRequest> {
    return this.ask().restore(account, key, datasetIds);
  }

  override async restoreStatus(
    account: CatalogueAccount,
    key: ProposalKey,
    id: string,
  ): Promise<RestoreRequest | null> {
    return this.ask().restoreStatus(account, key, id);
  }

  override async check(): Promise<CatalogueCheck> {
    if (this.reachable) return this.behind.check();
    return { product: 'unreachable', version: null, error: switchedOff(), notes: [] };
  }

  override close(): Promise<void> {
    return this.behind.close();
  }

  private ask(): Catalogue {
    if (this.reachable) return this.behind;
    throw switchedOff();
  }
}

function switchedOff(): CatalogueUnavailable {
  return new CatalogueUnavailable('The catalogue does not answer.', 'unreachable', 'switched off by a test');
}

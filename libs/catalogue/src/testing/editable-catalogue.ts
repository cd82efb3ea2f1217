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
import { RestoreRefused } from '../errors';
import { RememberedRestores } from '../file/remembered-restores';
import { DatasetRecord, Proposal, ProposalKey } from '../proposal';
import { formatProposalKey } from '../proposal-key';
import { searchProposals } from '../search-proposals';
import { SeedProposal } from './seed';

/** In memory; tests give and take memberships while things run. */
export class EditableCatalogue extends Catalogue {
  private readonly proposals = new Map<ProposalKey, { proposal: Proposal; datasets: DatasetRecord[] }>();
  private readonly restores = new RememberedRestores(() => this.retrieve());
  /** What a restore waits for; tests replace it. */
  retrieve: () => Promise<void> = () => Promise.resolve();

  constructor(
    override readonly id = 'demo',
    private readonly facility = 'Lumina',
  ) {
    super();
  }

  /** Adds or replaces a proposal; returns its key. */
  put(seed: SeedProposal): ProposalKey {
    const key = formatProposalKey({ catalogue: this.id, facility: this.facility, name: seed.name });
    const { datasets = [], ...rest } = seed;
    const techniques = [...new Set(datasets.flatMap(({ technique }) => technique ?? []))];
    const proposal = { key, catalogue: this.id, facility: this.facility, techniques, ...rest };
    this.proposals.set(key, { proposal, datasets });
    return key;
  }

  /** Takes an account out of a proposal's team. */
  expel(key: ProposalKey, account: string): void {
    const entry = this.proposals.get(key);
    if (entry) entry.proposal.team = entry.proposal.team.filter((member) => member.account !== account);
  }

  override async search(account: CatalogueAccount, query: ProposalSearch): Promise<ProposalPage> {
    const all = [...this.proposals.values()].map((entry) => entry.proposal);
    return searchProposals(
      all.filter((p) => this.sees(account, p)),
      query,
    );
  }

  override async find(account: CatalogueAccount, key: ProposalKey): Promise<Proposal | null> {
    const found = this.proposals.get(key)?.proposal;
    return found && this.sees(account, found) ? found : null;
  }

  override async isMember(account: CatalogueAccount, key: ProposalKey): Promise<boolean> {
    return (await this.find(account, key)) !== null;
  }

  override async datasets(account: CatalogueAccount, key: ProposalKey, page: DatasetQuery): Promise<DatasetPage> {
    const all = (await this.isMember(account, key)) ? (this.proposals.get(key)?.datasets ?? []) : [];
    const end = page.offset + page.limit;
    const items = all.slice(page.offset, end).map((d) => ({ ...d, availability: this.restores.availability(key, d) }));
    return { items, more: end < all.length };
  }

  override async restore(account: CatalogueAccount, key: ProposalKey, datasetIds: string[]): Promise<RestoreRequest> {
    if (!(await this.isMember(account, key))) throw new RestoreRefused('not-found', key);
    return this.restores.request(account, key, this.proposals.get(key)?.datasets ?? [], datasetIds);
  }

  override async restoreStatus(
    account: CatalogueAccount,
    key: ProposalKey,
    id: string,
  ): Promise<RestoreRequest | null> {
    return (await this.isMember(account, key)) ? this.restores.status(account, key, id) : null;
  }

  override async check(): Promise<CatalogueCheck> {
    return { product: 'memory', version: null, error: null, notes: [] };
  }

  override async close(): Promise<void> {
    // Nothing is held.
  }

  private sees(account: CatalogueAccount, proposal: Proposal): boolean {
    return account.catalogue === this.id && proposal.team.some((member) => member.account === account.name);
  }
}

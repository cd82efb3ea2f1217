import { Catalogue, CatalogueAccount, ProposalPage, ProposalSearch } from '../catalogue';
import { DatasetRecord, Proposal, ProposalKey } from '../proposal';
import { formatProposalKey } from '../proposal-key';
import { searchProposals } from '../search-proposals';
import { SeedProposal } from './seed';

/** In memory; tests give and take memberships while things run. */
export class EditableCatalogue extends Catalogue {
  private readonly proposals = new Map<ProposalKey, { proposal: Proposal; datasets: DatasetRecord[] }>();

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
    this.proposals.set(key, { proposal: { key, catalogue: this.id, facility: this.facility, ...rest }, datasets });
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

  override async datasets(account: CatalogueAccount, key: ProposalKey): Promise<DatasetRecord[]> {
    return (await this.isMember(account, key)) ? (this.proposals.get(key)?.datasets ?? []) : [];
  }

  private sees(account: CatalogueAccount, proposal: Proposal): boolean {
    return account.catalogue === this.id && proposal.team.some((member) => member.account === account.name);
  }
}

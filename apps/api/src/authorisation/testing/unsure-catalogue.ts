import {
  CatalogueUnavailable,
  type CatalogueAccount,
  type ProposalPage,
  type ProposalSearch,
} from '@beamdesk/catalogue';
import { EditableCatalogue } from '@beamdesk/catalogue/testing';

/** Knows who was admitted, and now and then does not answer. */
export class UnsureCatalogue extends EditableCatalogue {
  silent = false;
  private count = 0;

  /** A proposal with this account as its team; returns its key. */
  admit(account: string): string {
    this.count += 1;
    const member = { account, name: account, affiliation: null, roles: ['Team member'] };
    return this.put({ name: `P${this.count}`, title: 'Strain', abstract: '', visits: [], team: [member] });
  }

  override async search(account: CatalogueAccount, query: ProposalSearch): Promise<ProposalPage> {
    if (this.silent) throw new CatalogueUnavailable('It does not answer.', 'unreachable', 'silent for a test');
    return super.search(account, query);
  }
}

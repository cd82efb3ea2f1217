import { Catalogue, type CatalogueAccount, parseProposalKey, type Proposal } from '@beamdesk/catalogue';
import { Injectable } from '@nestjs/common';
import type { Person } from '../auth/person';
import { notFound } from '../http/api-error';

export interface MemberProposal {
  proposal: Proposal;
  account: CatalogueAccount;
}

/** The one place that decides, with the catalogue, whether a person may see a proposal; before anything else happens. */
@Injectable()
export class ProposalAccess {
  constructor(private readonly catalogue: Catalogue) {}

  /** How the catalogues know this person; none: none of them does. */
  accountsOf(person: Pick<Person, 'catalogueAccounts'>): CatalogueAccount[] {
    return person.catalogueAccounts.filter(({ catalogue }) => this.catalogue.has(catalogue));
  }

  /**
   * @throws ApiError 404: malformed, unknown, or the person is not a member; never told apart
   * @throws CatalogueUnavailable when it cannot be asked, which is never "no"
   */
  async requireMember(person: Pick<Person, 'catalogueAccounts'>, key: string): Promise<MemberProposal> {
    const parts = parseProposalKey(key);
    const account = this.accountsOf(person).find(({ catalogue }) => catalogue === parts?.catalogue);
    if (!account) throw notFound();
    if (!(await this.catalogue.isMember(account, key))) throw notFound();
    const proposal = await this.catalogue.find(account, key);
    if (!proposal) throw notFound();
    return { proposal, account };
  }
}

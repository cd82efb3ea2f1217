import {
  Catalogue,
  type CatalogueAccount,
  CatalogueUnavailable,
  parseProposalKey,
  type Proposal,
} from '@beamdesk/catalogue';
import { Injectable } from '@nestjs/common';
import type { Person } from '../auth/person';
import { CopiedProposals } from '../catalogue-copy/copied-proposals';
import { CopyWriter } from '../catalogue-copy/copy-writer';
import { Config } from '../config';
import { notFound } from '../http/api-error';

export interface MemberProposal {
  proposal: Proposal;
  account: CatalogueAccount;
}

export interface ConfirmedProposal extends MemberProposal {
  /** When the catalogue said that the person is a member; null: just now. */
  confirmedAt: Date | null;
}

type Asking = Pick<Person, 'catalogueAccounts'>;

/** The one place that decides, with the catalogue, whether a person may see a proposal; before anything else happens. */
@Injectable()
export class ProposalAccess {
  constructor(
    private readonly config: Config,
    private readonly catalogue: Catalogue,
    private readonly copies: CopiedProposals,
    private readonly writer: CopyWriter,
  ) {}

  /** How the catalogues know this person; none: none of them does. */
  accountsOf(person: Asking): CatalogueAccount[] {
    return person.catalogueAccounts.filter(({ catalogue }) => this.catalogue.has(catalogue));
  }

  /**
   * @throws ApiError 404: malformed, unknown, or the person is not a member; never told apart
   * @throws CatalogueUnavailable when it cannot be asked, which is never "no"
   */
  async requireMember(person: Asking, key: string): Promise<MemberProposal> {
    return this.ask(this.accountFor(person, key), key);
  }

  /**
   * As above, for a launch: the catalogue decides while it answers; while it does not, a membership that it confirmed within
   * `MEMBERSHIP_MAX_AGE_MINUTES` does.
   */
  async requireMemberForLaunch(person: Asking, key: string): Promise<ConfirmedProposal> {
    const account = this.accountFor(person, key);
    try {
      return { ...(await this.ask(account, key)), confirmedAt: null };
    } catch (error) {
      if (!(error instanceof CatalogueUnavailable)) throw error;
      const known = await this.copies.find(account, key, this.config.membershipMaxAgeMs);
      if (!known) throw error;
      return { proposal: known.proposal, account, confirmedAt: known.confirmedAt };
    }
  }

  private accountFor(person: Asking, key: string): CatalogueAccount {
    const parts = parseProposalKey(key);
    const account = this.accountsOf(person).find(({ catalogue }) => catalogue === parts?.catalogue);
    if (!account) throw notFound();
    return account;
  }

  /** The copy follows what the catalogue says here. */
  private async ask(account: CatalogueAccount, key: string): Promise<MemberProposal> {
    const proposal = (await this.catalogue.isMember(account, key)) ? await this.catalogue.find(account, key) : null;
    if (!proposal) {
      await this.writer.forget(account, key);
      throw notFound();
    }
    await this.writer.confirm(account, key);
    return { proposal, account };
  }
}

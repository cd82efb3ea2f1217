import type { CatalogueAccount, ProposalSearch } from '@beamdesk/catalogue';
import type { ProposalsPage } from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import { CatalogueCopies, type LookedAt } from '../catalogue-copy/catalogue-copies';
import { type CopiedPage, CopiedProposals } from '../catalogue-copy/copied-proposals';

export interface ListedPage extends CopiedPage {
  /** Of what age the page is, and whose catalogue is down. */
  standing: Pick<ProposalsPage, 'observedAt' | 'unavailable' | 'missing'>;
}

/** Pages over everything a person is a member of, in however many catalogues, from the copies of the person's own accounts. */
@Injectable()
export class CopiedLists {
  constructor(
    private readonly copies: CatalogueCopies,
    private readonly proposals: CopiedProposals,
  ) {}

  /** @throws CatalogueUnavailable where there is nothing to show, because none of the catalogues ever answered */
  async page(accounts: CatalogueAccount[], query: ProposalSearch): Promise<ListedPage> {
    const all = await this.copies.lookAt(accounts);
    const seen = all.filter(({ observedAt }) => observedAt !== null);
    const fault = all.find(isDown)?.fault;
    if (seen.length === 0 && fault) throw fault;
    return { ...(await this.proposals.page(seen, query)), standing: standingOf(all) };
  }
}

/** One that waits for the person's own sign-in is well. */
function isDown({ fault }: LookedAt): boolean {
  return fault !== null && fault.reason !== 'sign-in';
}

function standingOf(all: LookedAt[]): ListedPage['standing'] {
  const times = all.flatMap(({ observedAt }) => observedAt?.toISOString() ?? []).sort();
  const down = all.filter(isDown);
  const unavailable = down.map(({ account }) => account.catalogue);
  const missing = down.filter(({ observedAt }) => observedAt === null).map(({ account }) => account.catalogue);
  return {
    observedAt: times[0] ?? null,
    ...(unavailable.length > 0 ? { unavailable } : {}),
    ...(missing.length > 0 ? { missing } : {}),
  };
}

import {
  Catalogue,
  type CatalogueAccount,
  CatalogueUnavailable,
  type Proposal,
  type ProposalPage,
  type ProposalSearch,
  searchProposals,
} from '@beamdesk/catalogue';

export interface FoundProposals extends ProposalPage {
  /** The account each was found for. */
  accountOf: (proposal: Proposal) => CatalogueAccount | null;
  /** Catalogues that could not be asked. */
  unavailable: string[];
}

/**
 * One page over everything a person is a member of, in however many catalogues: each gives its first rows up to the end of the
 * page, and what they give is put in order together.
 * @throws CatalogueUnavailable where none of them can be asked
 */
export async function searchAll(
  catalogue: Catalogue,
  accounts: CatalogueAccount[],
  query: ProposalSearch,
): Promise<FoundProposals> {
  const accountOf = (proposal: Proposal) =>
    accounts.find((account) => account.catalogue === proposal.catalogue) ?? null;
  const [only, ...others] = accounts;
  if (!only) return { items: [], total: 0, accountOf, unavailable: [] };
  if (others.length === 0) return { ...(await catalogue.search(only, query)), accountOf, unavailable: [] };
  const upToHere = { ...query, offset: 0, limit: query.offset + query.limit };
  const pages = await Promise.allSettled(accounts.map((account) => catalogue.search(account, upToHere)));
  const found: ProposalPage[] = [];
  const unavailable: string[] = [];
  pages.forEach((page, i) => {
    if (page.status === 'fulfilled') return found.push(page.value);
    if (!(page.reason instanceof CatalogueUnavailable)) throw page.reason;
    return unavailable.push(accounts[i]?.catalogue ?? '');
  });
  const [first] = pages;
  if (found.length === 0 && first?.status === 'rejected') throw first.reason;
  // Each catalogue has matched the words already, perhaps in fields that only it knows.
  const { items } = searchProposals(
    found.flatMap((page) => page.items),
    { ...query, text: '' },
  );
  return { items, total: found.reduce((sum, { total }) => sum + total, 0), accountOf, unavailable };
}

import { DatasetRecord, Proposal, ProposalKey } from './proposal';

/**
 * How a login is known in a catalogue. Made by the authorisation database, never from a mail or an unverified claim.
 * `name` is the catalogue's own user name (ICAT `User.name`, SciCat username); `groups` serve catalogues without member lists.
 */
export interface CatalogueAccount {
  catalogue: string;
  name: string;
  groups: string[];
}

export type ProposalSort = 'recent' | 'name' | 'title';

export interface ProposalSearch {
  /** Words that must all occur in name, title, abstract, beamline or technique; case-insensitive; '' = all. */
  text: string;
  sort: ProposalSort;
  /** Only these keys (favourites); undefined = no restriction. */
  keys?: ProposalKey[];
  /** These keys first, in the given sort among themselves. */
  first?: ProposalKey[];
  offset: number;
  limit: number;
}

export interface ProposalPage {
  items: Proposal[];
  /** Matches in all, not only on this page. */
  total: number;
}

/**
 * Port to a facility's metadata catalogue. Every call answers for one account and never shows what that account may not see.
 * All methods throw `CatalogueUnavailable` when the catalogue cannot be asked: that is never "no".
 */
export abstract class Catalogue {
  /** The id this catalogue has in keys and accounts, e.g. "demo". */
  abstract readonly id: string;
  abstract search(account: CatalogueAccount, query: ProposalSearch): Promise<ProposalPage>;
  /** Null: unknown, or not visible to this account (never told apart). */
  abstract find(account: CatalogueAccount, key: ProposalKey): Promise<Proposal | null>;
  abstract isMember(account: CatalogueAccount, key: ProposalKey): Promise<boolean>;
  /** Empty when the proposal is unknown or not visible. */
  abstract datasets(account: CatalogueAccount, key: ProposalKey): Promise<DatasetRecord[]>;
}
